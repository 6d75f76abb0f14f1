// The only file that includes prometheus-cpp.
#include <dirent.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>

#include <string>

#include "app/operations.hpp"
#include "net/system/memory.hpp"

#if SIGNALLER_METRICS
#include <prometheus/text_serializer.h>
#endif

namespace signaller {
namespace {

double seconds(const timeval& time) {
  constexpr double Micro = 1e-6;
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * Micro;
}

double open_descriptors() {
  struct stat about {};
  if (::stat("/proc/self/fd", &about) == 0 && about.st_size > 0) {
    return static_cast<double>(
        about.st_size);  // since Linux 6.2 the size of this folder is the number of descriptors
  }
  DIR* folder = ::opendir("/proc/self/fd");
  if (folder == nullptr) return 0;
  double count = 0;
  while (const dirent* entry = ::readdir(folder)) {  // NOLINT: only this thread reads this folder
    if (entry->d_name[0] != '.') ++count;
  }
  ::closedir(folder);
  return count - 1;  // without the descriptor that opendir() opened
}

}  // namespace

port::Metrics process_metrics() {
  rusage use{};
  ::getrusage(RUSAGE_SELF, &use);
  rlimit descriptors{};
  ::getrlimit(RLIMIT_NOFILE, &descriptors);
  return {
      port::counter("process_cpu_seconds_total", "User and system time, in seconds.",
                    seconds(use.ru_utime) + seconds(use.ru_stime)),
      port::gauge("process_resident_memory_bytes", "Resident memory.",
                  static_cast<double>(net::resident_bytes())),
      port::gauge("process_open_fds", "Open file descriptors.", open_descriptors()),
      port::gauge("process_max_fds", "Most file descriptors that the process may open.",
                  static_cast<double>(descriptors.rlim_cur)),
  };
}

#if SIGNALLER_METRICS
namespace {

prometheus::ClientMetric converted(const port::Metric& metric, const port::Sample& sample) {
  prometheus::ClientMetric out;
  if (!metric.label.empty()) out.label.push_back({std::string(metric.label), sample.label});
  out.counter.value = sample.value;
  out.gauge.value = sample.value;
  return out;
}

prometheus::ClientMetric histogram(const port::Metric& metric) {
  prometheus::ClientMetric out;
  for (const auto& [bound, count] : metric.buckets) out.histogram.bucket.push_back({count, bound});
  out.histogram.sample_count = metric.buckets.back().count;
  out.histogram.sample_sum = metric.sum;
  return out;
}

prometheus::MetricType type_of(port::Metric::Kind kind) {
  switch (kind) {
    case port::Metric::Kind::Counter:
      return prometheus::MetricType::Counter;
    case port::Metric::Kind::Gauge:
      return prometheus::MetricType::Gauge;
    case port::Metric::Kind::Histogram:
      return prometheus::MetricType::Histogram;
  }
  return prometheus::MetricType::Untyped;
}

}  // namespace

std::string metrics_text(const port::Metrics& metrics) {
  std::vector<prometheus::MetricFamily> families;
  families.reserve(metrics.size());
  for (const port::Metric& metric : metrics) {
    prometheus::MetricFamily& family = families.emplace_back();
    const bool ours = metric.name.substr(0, 8) != "process_";
    family.name = (ours ? "signaller_" : "") + std::string(metric.name);
    family.help = metric.help;
    family.type = type_of(metric.kind);
    for (const auto& sample : metric.samples) family.metric.push_back(converted(metric, sample));
    if (metric.kind == port::Metric::Kind::Histogram) family.metric.push_back(histogram(metric));
  }
  return prometheus::TextSerializer().Serialize(families);
}
#else
std::string metrics_text(const port::Metrics& /*metrics*/) {
  return {};
}
#endif

}  // namespace signaller
