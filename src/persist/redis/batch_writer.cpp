#include "persist/redis/batch_writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <variant>

#include "persist/format/encode.hpp"
#include "persist/format/load_warnings.hpp"
#include "persist/format/value_parser.hpp"
#include "persist/format/packed_message.hpp"
#include "persist/format/record_fields.hpp"
#include "persist/redis/explain.hpp"

namespace signaller::persist {
namespace {

using Verdict = FencedResult::Verdict;

// Of one transaction: Redis serves nobody else meanwhile, and both sides hold all of it.
constexpr std::size_t MostCommands = 2'048;
constexpr std::size_t MostBytes = 1'048'576;
// A log that is replaced should not be half there if this process dies: it may take so much more.
constexpr std::size_t LogFactor = 4;
constexpr unsigned MostTries = 5;

std::size_t bytes_of(const Argv& argv) {
  std::size_t sum = 0;
  for (const auto& word : argv) sum += word.size();
  return sum;
}

/// Where the fields of an entry begin in `XADD key MINID|MAXLEN n id field value...`
constexpr std::size_t EntryId = 4;
constexpr std::size_t EntryFields = 5;

/// Whether an entry of a stream is what XADD was to add: the same message, or the same fields.
bool same_entry(const Argv& add, const RedisReply& fields) {
  port::KeptMessage ours;
  port::KeptMessage theirs;
  if (add[EntryFields] == PackedField && fields.size() >= 2 && fields[0].text() == PackedField) {
    // Whether it was handed out, the next field, may have changed meanwhile.
    return unpack(add[EntryFields + 1], ours) && unpack(fields[1].text(), theirs) &&
           ours.msgid == theirs.msgid;
  }
  if (fields.size() != add.size() - EntryFields) return false;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].text() != add[EntryFields + i]) return false;
  }
  return true;
}

/// XADD below or at the last entry: it may be there already.
bool is_doubtful(const Argv& argv, std::string_view error) {
  return argv[0] == "XADD" && starts_with(error, "ERR The ID specified in XADD");
}

/// A key that holds what this server never writes: another type, or an entry with the last of all
/// numbers.
bool is_spoilt(std::string_view error) {
  return starts_with(error, "WRONGTYPE") || starts_with(error, "ERR The stream has exhausted");
}

}  // namespace

BatchWriter::BatchWriter(RedisLink& link, const Lease& lease, const Keys& keys,
                         std::vector<port::Record> records, std::vector<Argv> first, Done done,
                         PoisonFinder* poison_finder)
    : link_(link),
      lease_(lease),
      keys_(keys),
      records_(std::move(records)),
      done_(std::move(done)),
      suspects_(poison_finder),
      writes_(std::move(first)) {}

void BatchWriter::start() {
  next();
}

/// The next transaction.
void BatchWriter::next() {
  gather();
  tries_ = 0;
  healing_ = false;
  if (writes_.empty() && answer_.verdict == Verdict::Done) {
    end(Verdict::Done, {});
  } else {
    write();
  }
}

/// The next records, as many as one transaction takes. Suspects are among themselves.
void BatchWriter::gather() {
  starts_.clear();
  parts_.clear();
  std::size_t bytes = 0;
  const bool calm = suspects_ == nullptr || suspects_->none();
  bool suspected = false;
  for (; next_ < records_.size() && !is_full(bytes); ++next_) {
    const std::size_t start = writes_.size();
    encode(records_[next_], keys_, writes_);
    starts_.push_back(start);
    parts_.push_back(next_);
    for (std::size_t i = start; i < writes_.size(); ++i) bytes += bytes_of(writes_[i]);
    if (calm) continue;
    const PoisonFinder::One one = this->one(starts_.size() - 1);
    const bool alike = starts_.size() == 1 || suspects_->has(one) == suspected;
    const bool refused = suspects_->refuses(one);
    suspected = suspects_->has(one);
    if (alike && !refused && (!suspected || starts_.size() <= suspects_->most())) continue;
    writes_.resize(start);
    starts_.pop_back();
    parts_.pop_back();
    if (!refused) return;
    fault(one.name, "not written, Redis hangs up at it");
    left_out(next_);
  }
}

bool BatchWriter::is_full(std::size_t bytes) const {
  const std::size_t factor = goes_on_with_log() ? LogFactor : 1;
  return writes_.size() >= MostCommands * factor || bytes >= MostBytes * factor;
}

/// Whether the next record is of the log, or the inbox, that the last one was of.
bool BatchWriter::goes_on_with_log() const {
  if (starts_.empty() || next_ == 0) return false;
  const port::Record& last = records_[next_ - 1];
  const port::Record& next = records_[next_];
  if (last.index() != next.index()) return false;
  if (const auto* message = std::get_if<port::MessageRecord>(&next)) {
    return std::get<port::MessageRecord>(last).channel == message->channel;
  }
  const auto* mail = std::get_if<port::MailRecord>(&next);
  return mail != nullptr && std::get<port::MailRecord>(last).peer == mail->peer;
}

/// A record of the transaction.
PoisonFinder::One BatchWriter::one(std::size_t i) const {
  const std::size_t end = i + 1 < starts_.size() ? starts_[i + 1] : writes_.size();
  return PoisonFinder::one(&writes_[starts_[i]], end - starts_[i]);
}

std::vector<PoisonFinder::One> BatchWriter::under_way() const {
  std::vector<PoisonFinder::One> all;
  for (std::size_t i = 0; i < starts_.size(); ++i) all.push_back(one(i));
  return all;
}

void BatchWriter::write() {
  ++tries_;
  fenced_write(link_, lease_, LeaseUse::Renew, writes_,
               [this](const FencedResult& answer) { written(answer); });
}

void BatchWriter::written(const FencedResult& answer) {
  switch (answer.verdict) {
    case Verdict::Done:
      judge_errors(answer);
      return;
    case Verdict::Again:
      if (tries_ < MostTries) {
        write();
      } else {
        end(Verdict::Failed, "the lease changes all the time");
      }
      return;
    case Verdict::Refused:
      leave_out(answer);
      return;
    case Verdict::Gone:
    case Verdict::Taken:
    case Verdict::Failed:
      end(answer.verdict, answer.why);
      return;
  }
}

/// The part of the transaction that a command belongs to; it is none of the first ones.
std::size_t BatchWriter::part_of(std::size_t command) const {
  const auto after = std::upper_bound(starts_.begin(), starts_.end(), command);
  return static_cast<std::size_t>(after - starts_.begin()) - 1;
}

/// Whoever waits for a message to be stored has to know that it is not.
void BatchWriter::left_out(std::size_t record) {
  if (const auto* message = std::get_if<port::MessageRecord>(&records_[record])) {
    answer_.left_out.push_back(message->message.msgid);
  } else if (const auto* mail = std::get_if<port::MailRecord>(&records_[record])) {
    answer_.left_out.push_back(mail->message.msgid);
  }
}

/// A record of the transaction.
void BatchWriter::remove(std::size_t record) {
  const auto at = [](auto& all, std::size_t i) {
    return all.begin() + static_cast<std::ptrdiff_t>(i);
  };
  const std::size_t from = starts_[record];
  const std::size_t to = record + 1 < starts_.size() ? starts_[record + 1] : writes_.size();
  writes_.erase(at(writes_, from), at(writes_, to));
  starts_.erase(at(starts_, record));
  parts_.erase(at(parts_, record));
  for (std::size_t i = record; i < starts_.size(); ++i) starts_[i] -= to - from;
}

/// Records with a command that Redis does not take go as a whole: what it has of them stays.
void BatchWriter::leave_out(const FencedResult& answer) {
  if (starts_.empty() || answer.errors.front().first < starts_.front()) {
    end(Verdict::Failed, explain(answer.errors.front().second));
    return;
  }
  std::set<std::size_t, std::greater<>> out;  // the last first: what is before it stays in place
  for (const auto& [i, error] : answer.errors) {
    fault(writes_[i][1], fmt::format("not written. {}", explain(error)));
    out.insert(part_of(i));
  }
  for (const std::size_t record : out) {
    left_out(parts_[record]);
    remove(record);
  }
  write();
}

/// What concerns one record is told, and the others are stored. What concerns all of them passes:
/// they are written again.
void BatchWriter::judge_errors(const FencedResult& answer) {
  std::set<std::string> spoilt;
  std::vector<std::size_t> faulty;
  std::vector<std::size_t> doubtful;  // entries that are there already, or others in their place
  for (const auto& [i, error] : answer.errors) {
    const Argv& argv = writes_[i];
    if (is_spoilt(error) && !healing_) {
      spoilt.insert(argv[1]);
    } else if (is_doubtful(argv, error)) {
      doubtful.push_back(i);
    } else if (is_of_command(error) || is_spoilt(error)) {
      faulty.push_back(i);
    } else {
      end(Verdict::Failed, fmt::format("{}: {}", printable(argv[1]), explain(error)));
      return;
    }
  }
  if (!spoilt.empty()) {  // and all of it is written again
    heal(spoilt, "had another type or number than it should: deleted");
    return;
  }
  for (const auto& [i, error] : answer.errors) {
    if (std::find(faulty.begin(), faulty.end(), i) == faulty.end()) continue;
    fault(writes_[i][1], fmt::format("not written. {}", explain(error)));
    if (!starts_.empty() && i >= starts_.front()) left_out(parts_[part_of(i)]);
  }
  look_up(doubtful);
}

/// Whether the transaction has deleted a stream before it added to it.
bool BatchWriter::was_replaced(const std::string& key, std::size_t before) const {
  return std::any_of(writes_.begin(), writes_.begin() + static_cast<std::ptrdiff_t>(before),
                     [&](const Argv& argv) {
                       return argv[0] == "DEL" &&
                              std::find(argv.begin() + 1, argv.end(), key) != argv.end();
                     });
}

/// Memory is the truth while the server lives: such a key goes, and all of the transaction is
/// written again.
void BatchWriter::heal(const std::set<std::string>& keys, std::string_view why) {
  healing_ = true;
  answer_.healed = true;
  Argv del{"DEL"};
  for (const auto& key : keys) {
    del.push_back(key);
    fault(key, why);
  }
  writes_.insert(writes_.begin(), std::move(del));
  for (auto& start : starts_) ++start;
  write();
}

/// An entry that Redis has already is stored: it was written before an answer got lost.
void BatchWriter::look_up(const std::vector<std::size_t>& doubtful) {
  answer_.verdict = Verdict::Done;
  lookups_ = doubtful.size();
  foreign_.clear();
  for (const std::size_t i : doubtful) {
    const Argv& add = writes_[i];
    link_.send({"XRANGE", add[1], add[EntryId], add[EntryId]},
               [this, i](const RedisReply& reply) { looked_up(i, reply); });
  }
  if (doubtful.empty()) settle();
}

void BatchWriter::looked_up(std::size_t i, const RedisReply& reply) {
  if (reply.error()) {
    end(Verdict::Failed, explain(reply.text()));
    return;
  }
  const bool there =
      reply.size() == 1 && reply[0].size() == 2 && same_entry(writes_[i], reply[0][1]);
  if (!there) foreign_.push_back(i);
  if (--lookups_ == 0) settle();
}

/// A stream with entries that are not of this past is replaced too; if it was already, only what
/// does not fit is left out.
void BatchWriter::settle() {
  std::set<std::string> streams;
  for (const std::size_t i : foreign_) {
    const Argv& add = writes_[i];
    if (!was_replaced(add[1], i)) {
      streams.insert(add[1]);
    } else {
      fault(add[1], fmt::format("entry {} is not written, it is out of order", add[EntryId]));
      left_out(parts_[part_of(i)]);
    }
  }
  if (!streams.empty()) {
    heal(streams, "had other entries than it should: deleted");
    return;
  }
  for (std::size_t i = 0; suspects_ != nullptr && !suspects_->none() && i < starts_.size(); ++i) {
    suspects_->stored(one(i));
  }
  writes_.clear();
  next();
}

void BatchWriter::fault(const std::string& key, std::string_view why) {
  answer_.faults.push_back(fmt::format("{}: {}", printable(key), why));
}

void BatchWriter::end(Verdict verdict, std::string why) {
  answer_.verdict = verdict;
  answer_.why = std::move(why);
  done_(std::move(answer_));
}

}  // namespace signaller::persist
