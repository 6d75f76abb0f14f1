#include "tests/rfc6455/suite.hpp"

#include "net/http/codec.hpp"

namespace signaller::net {
namespace {

bool ends(const Words& answers) {
  return !answers.empty() && answers.back() == "eof";
}

/// Reads bytes that come in two pieces, cut at offset `cut`, or one by one if `cut` is 0. Returns
/// the server's answers.
Words read_in_pieces(std::string bytes, std::size_t cut, std::size_t limit) {
  FrameReader reader(limit);
  Words words;
  Message message;
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t end = cut == 0 ? at + 1 : at < cut ? cut : bytes.size();
    std::size_t used = 0;
    const auto progress = reader.next(bytes.data() + at, end - at, used, message);
    at += used;
    if (progress == FrameReader::Progress::Failed) {
      words.insert(words.end(), {"close " + std::to_string(reader.close_code()), "eof"});
      return words;
    }
    if (progress == FrameReader::Progress::NeedsMore) continue;
    if (message.opcode == Opcode::Close) {
      const std::uint16_t code = read_close(message.payload).answer;
      words.push_back(code == 1005 ? "close" : "close " + std::to_string(code));
      words.push_back("eof");
      return words;
    }
    if (message.opcode == Opcode::Text) words.push_back(word("text", message.payload));
    if (message.opcode == Opcode::Binary) words.push_back(word("binary", message.payload));
    if (message.opcode == Opcode::Ping) words.push_back(word("pong", message.payload));
  }
  return words;
}

}  // namespace

void Rfc6455::SetUp() {
  const Way& way = GetParam();
  ServerOptions options;
  options.shards = way.shards;
  options.core_thread = way.core_thread;
  options.close_timeout = CloseTimeout;
  options.ping_interval =
      std::chrono::milliseconds(0);  // a ping of the server would come between the answers
  options.read_rate = 0;             // no limit: the RFC has none
  options.tls = folder_.files();
  ListenOptions listen;
  listen.address = "127.0.0.1";
  listen.mounts = {{"/", "room"}, {"/plain", "plain"}, {"/echo", "echo"}};
  listen.secure = way.secure;
  options.listeners.push_back(listen);
  make_server(options, {&room_, echo_.get()}, {});
  run_server();
}

void Rfc6455::TearDown() {
  server_->stop_at_once();
  thread_.join();
  server_.reset();
}

std::string Rfc6455::request(const std::string& path, const std::string& headers) {
  return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n";
}

std::string Rfc6455::handshake(const std::string& path) {
  return request(path, "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: " +
                           SampleKey + "\r\nSec-WebSocket-Version: 13\r\n");
}

std::unique_ptr<Peer> Rfc6455::connect(int receive_bytes) const {
  return std::make_unique<Peer>(port_, GetParam().secure, receive_bytes);
}

std::unique_ptr<Peer> Rfc6455::open(const std::string& path, int receive_bytes) const {
  auto peer = connect(receive_bytes);
  peer->put(handshake(path));
  const std::string head = peer->head();
  EXPECT_EQ(head.rfind("HTTP/1.1 101 ", 0), 0U) << head;
  if (path == "/") {
    EXPECT_EQ(peer->hear(), "text hello 127.0.0.1");
  }
  return peer;
}

void Rfc6455::hears(Peer& peer, const Words& answers) {
  for (const std::string& answer : answers) ASSERT_EQ(peer.hear(), answer);
  if (ends(answers)) return;
  peer.put(ping("still well?"));
  ASSERT_EQ(peer.hear(), "pong still well?");
  peer.put(close(1000));
  ASSERT_EQ(peer.hear(), "close 1000");
  ASSERT_EQ(peer.hear(), "eof");
}

void Rfc6455::says(const std::string& bytes, const Words& answers) const {
  {
    SCOPED_TRACE("in one packet");
    const auto peer = open();
    peer->put(bytes);
    hears(*peer, answers);
  }
  {
    SCOPED_TRACE("behind the request");
    const auto peer = connect();
    peer->put(handshake() + bytes);
    peer->head();
    hears(*peer, answers);
  }
  constexpr std::size_t Short = 3'000;
  if (bytes.size() > Short) return;
  {
    SCOPED_TRACE("one byte at a time");
    const auto peer = open();
    peer->put_bytewise(bytes);
    hears(*peer, answers);
  }
  for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
    ASSERT_EQ(read_in_pieces(bytes, cut, Limit), answers) << "cut at " << cut;
  }
}

void Rfc6455::says_cut_anywhere(const std::string& bytes, const Words& answers) const {
  for (std::size_t cut = 1; cut < bytes.size(); ++cut) {
    SCOPED_TRACE("cut at " + std::to_string(cut));
    const auto peer = open();
    peer->put(bytes.substr(0, cut));
    peer->put(bytes.substr(cut));
    hears(*peer, answers);
  }
}

}  // namespace signaller::net
