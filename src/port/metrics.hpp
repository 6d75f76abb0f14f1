// Metrics as values, for the collector (docs/operations.rst lists every metric).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace signaller::port {

struct Sample {
  std::string label;  ///< value of the label; empty: no label
  double value = 0;
};

/// One number, one number for each value of a label, or a histogram.
struct Metric {
  enum class Kind : std::uint8_t { Counter, Gauge, Histogram };

  std::string_view name;  ///< name for Prometheus, without the prefix of the project; a literal
  std::string_view help;  ///< help text, a literal
  Kind kind = Kind::Gauge;
  std::string_view label;  ///< name of the label, a literal; empty: one sample without label
  std::vector<Sample> samples;
  /// One bucket of a histogram: an upper bound, and the number of values at or below it. The last
  /// bucket counts all values.
  struct Bucket {
    double bound = 0;
    std::uint64_t count = 0;
  };
  std::vector<Bucket> buckets;
  double sum = 0;  ///< sum of all values of a histogram

  /// Adds a sample for one more value of the label.
  void add(std::string_view label_value, double value) {
    samples.push_back({std::string(label_value), value});
  }
};

using Metrics = std::vector<Metric>;

inline Metric counter(std::string_view name, std::string_view help, double value) {
  return {name, help, Metric::Kind::Counter, {}, {{{}, value}}, {}, 0};
}
inline Metric gauge(std::string_view name, std::string_view help, double value) {
  return {name, help, Metric::Kind::Gauge, {}, {{{}, value}}, {}, 0};
}
/// A counter with one sample for each value of a label, still without samples.
inline Metric counters(std::string_view name, std::string_view help, std::string_view label) {
  return {name, help, Metric::Kind::Counter, label, {}, {}, 0};
}

}  // namespace signaller::port
