// What is counted, for whoever collects it (docs/operations.rst lists every metric).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace signaller::port {

struct Sample {
  std::string label;  ///< the label's value; empty: none
  double value = 0;
};

/// A family of numbers: one, or one for each value of a label; or a histogram.
struct Metric {
  enum class Kind : std::uint8_t { Counter, Gauge, Histogram };

  std::string_view name;  ///< as Prometheus has it, without the project's prefix; a literal
  std::string_view help;  ///< a literal
  Kind kind = Kind::Gauge;
  std::string_view label;  ///< its name, a literal; empty: there is one sample without a label
  std::vector<Sample> samples;
  /// Of a histogram: upper bounds and how many lie at or below each; the last is all.
  struct TokenBucket {
    double bound = 0;
    std::uint64_t count = 0;
  };
  std::vector<TokenBucket> buckets;
  double sum = 0;  ///< of a histogram

  /// One value more of the label.
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
/// Counters by a label, whose values are still to be added.
inline Metric counters(std::string_view name, std::string_view help, std::string_view label) {
  return {name, help, Metric::Kind::Counter, label, {}, {}, 0};
}

}  // namespace signaller::port
