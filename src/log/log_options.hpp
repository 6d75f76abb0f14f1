// Options of the log; config/key_table.cpp maps them to the keys of server.conf.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace signaller {

struct LogOptions {
  std::string level = "info";
  std::vector<std::string> levels;  ///< levels of single components, such as `net=debug`
  std::string format = "text";      ///< `text` or `json`
  bool console = true;
  std::string out_dir;   ///< folder of the log file; out_dir and out_file empty: no log file
  std::string out_file;  ///< name of the log file in out_dir
  std::string audit_file;
  std::size_t rotate_bytes = 16'777'216;
  std::size_t rotate_files = 5;
};

}  // namespace signaller
