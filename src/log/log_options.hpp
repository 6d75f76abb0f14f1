// Options of the log; config/key_table.cpp maps them to the keys of server.conf.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace signaller {

struct LogOptions {
  std::string level = "info";
  std::vector<std::string> levels;  ///< `net=debug`: for one component
  std::string format = "text";      ///< or `json`
  bool console = true;
  std::string out_dir;   ///< with out_file: a log file; both empty: none
  std::string out_file;  ///< in out_dir
  std::string audit_file;
  std::size_t rotate_bytes = 16'777'216;
  std::size_t rotate_files = 5;
};

}  // namespace signaller
