// The baseline: the minimum cost of a chat server on this kernel that calls send() for each member
// and message. One thread, one epoll, no batches. Implements only the part of the protocol that the
// load generator needs; not for use with untrusted clients.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace signaller::bench {

class Floor {
 public:
  Floor();
  Floor(const Floor&) = delete;
  Floor& operator=(const Floor&) = delete;
  ~Floor();

  /// Listens on an address and port, such as 127.0.0.1, 3013. Returns false on failure; errno has
  /// the reason.
  bool listen(const std::string& address, std::uint16_t port);
  [[noreturn]] void run();

 private:
  struct Client {
    int fd = -1;
    bool open = false;  ///< the handshake is complete
    std::string id;
    std::string channel;
    std::string in;   ///< an incomplete frame
    std::string out;  ///< bytes that the socket has not accepted yet
  };

  void accept_all();
  void read(Client& client);
  std::size_t on_handshake(Client& client, std::string_view bytes);
  std::size_t on_frames(Client& client, std::string_view bytes);
  void on_line(Client& client, std::string_view line);
  void describe(Client& client);
  void join(Client& client, std::string_view channel);
  void publish(const Client& from, std::string_view rest);
  void tell(Client& client, std::string_view line);
  void send(Client& client, std::string_view bytes);
  void flush(Client& client);
  void watch(const Client& client, bool writing) const;
  void end(Client& client);

  int epoll_ = -1;
  int listener_ = -1;
  std::uint64_t last_id_ = 0;
  std::vector<std::unique_ptr<Client>> clients_;  // the index is the descriptor
  std::unordered_map<std::string, std::vector<Client*>> channels_;
  std::string frame_;
  std::vector<char> buffer_;
};

}  // namespace signaller::bench
