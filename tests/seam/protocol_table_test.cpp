// One list of protocols serves the application, --check, the metrics and the docs.
#include "app/protocols.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sodium.h>

#include <memory>
#include <set>
#include <string>
#include <thread>

#include "app/application.hpp"
#include "app/server_options.hpp"
#include "cli/generated_tables.hpp"
#include "tests/app/temporary.hpp"
#include "tests/seam/client.hpp"

namespace signaller {
namespace {

using testing::Contains;
using testing::HasSubstr;

TEST(ProtocolTable, NamesAndPathsAreUnique) {
  std::set<std::string_view> names;
  std::set<std::string_view> endpoints;
  for (const ProtocolEntry& entry : protocol_table()) {
    EXPECT_TRUE(names.insert(entry.name).second) << entry.name;
    EXPECT_FALSE(entry.summary.empty()) << entry.name;
    ASSERT_FALSE(entry.paths().empty()) << entry.name;
    for (const port::Endpoint& endpoint : entry.paths()) endpoints.insert(endpoint.name);
  }
  EXPECT_GE(endpoints.size(), names.size());
}

TEST(ProtocolTable, CheckNamesAllEndpoints) {
  Config config;
  config.listen.push_back({"127.0.0.1:0", {{"/", "nosuch"}}});
  const Temporary folder;
  config.secret_key_file = folder.path("key");
  try {
    check_surroundings(config);
    FAIL() << "a protocol that there is not is accepted";
  } catch (const std::exception& error) {
    for (const ProtocolEntry& entry : protocol_table()) {
      for (const port::Endpoint& endpoint : entry.paths()) {
        EXPECT_THAT(error.what(), HasSubstr(std::string(endpoint.name)));
      }
    }
  }
}

TEST(ProtocolTable, DocsAndMountsFollowTheTable) {
  const std::string table = protocol_list();
  for (const ProtocolEntry& entry : protocol_table()) {
    EXPECT_THAT(table, HasSubstr("   * - " + std::string(entry.name) + "\n"));
    std::vector<std::string> paths;
    for (const net::Mount& mount : mounts_of(entry.place)) paths.push_back(mount.path);
    for (const port::Endpoint& endpoint : entry.paths()) {
      EXPECT_THAT(paths, Contains(std::string(endpoint.path)));
    }
  }
}

/// The response to `GET /metrics` of the operations listener at this port.
std::string metrics_of(std::uint16_t port) {
  asio::io_context context;
  asio::ip::tcp::socket socket(context);
  socket.connect({asio::ip::make_address("127.0.0.1"), port});
  asio::write(
      socket,
      asio::buffer(std::string("GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")));
  std::string all;
  std::error_code error;
  asio::read(socket, asio::dynamic_buffer(all), error);
  return all;
}

std::uint16_t port_of(const std::string& address) {
  return static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
}

#if SIGNALLER_METRICS
TEST(ProtocolTable, ConnectionsAreCountedByProtocol) {
  ASSERT_GE(sodium_init(), 0);
  const Temporary folder;
  ConfigSources sources;
  sources.file = folder.write("server.conf",
                              "[[listen]]\naddress = \"127.0.0.1:0\"\n"
                              "paths = {\"/\" = \"slash\", \"/echo\" = \"echo\"}\n");
  sources.settings = {"log.console=false", "net.shards=1", "operations=127.0.0.1:0"};
  LoadedConfig loaded = load_config(sources);
  Log log(loaded.config.log);
  Application application(sources, std::move(loaded), log);
  std::thread thread([&] { application.server().run(); });
  const std::vector<std::string> addresses = application.server().addresses();
  {
    seam::Client slash(port_of(addresses[0]), "/");
    slash.hear_until("NOTICE");
    seam::Client one(port_of(addresses[0]), "/echo");
    seam::Client two(port_of(addresses[0]), "/echo");
    for (seam::Client* client : {&one, &two}) {
      client->say("x");
      client->hear_until("x");
    }
    const std::string metrics = metrics_of(port_of(addresses.back()));
    EXPECT_THAT(metrics, HasSubstr("signaller_protocol_connections{protocol=\"slash\"} 1"));
    EXPECT_THAT(metrics, HasSubstr("signaller_protocol_connections{protocol=\"echo\"} 2"));
    EXPECT_THAT(metrics, HasSubstr("signaller_protocol_connections{protocol=\"operations\"} 0"));
  }
  application.server().stop_at_once();
  thread.join();
}
#endif

}  // namespace
}  // namespace signaller
