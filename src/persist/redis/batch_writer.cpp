#include "persist/redis/batch_writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <variant>

#include "persist/format/encode.hpp"
#include "persist/format/load_warnings.hpp"
#include "persist/format/packed_message.hpp"
#include "persist/format/record_fields.hpp"
#include "persist/format/value_parser.hpp"
#include "persist/redis/explain.hpp"

namespace signaller::persist {
namespace {

using Outcome = FencedResult::Outcome;

// Bounds of one transaction: Redis serves no other client during a transaction, and both sides
// buffer all of it.
constexpr std::size_t MaxCommands = 2'048;
constexpr std::size_t MaxBytes = 1'048'576;
// A transaction may exceed the bounds by this factor if it would otherwise split the messages of
// one log: a log that is replaced must not be half written if this process dies.
constexpr std::size_t LogFactor = 4;
constexpr unsigned MaxAttempts = 5;

std::size_t bytes_of(const Argv& argv) {
  std::size_t sum = 0;
  for (const auto& word : argv) sum += word.size();
  return sum;
}

/// Positions in `XADD key MINID|MAXLEN n id field value...`
constexpr std::size_t EntryId = 4;
constexpr std::size_t EntryFields = 5;

/// True if a stored entry equals the one that XADD was to add: the same message, or the same
/// fields.
bool same_entry(const Argv& add, const RedisReply& fields) {
  port::KeptMessage ours;
  port::KeptMessage theirs;
  if (add[EntryFields] == PackedField && fields.size() >= 2 && fields[0].text() == PackedField) {
    // Compares the first field only: the second one, `handed`, may have changed meanwhile.
    return unpack(add[EntryFields + 1], ours) && unpack(fields[1].text(), theirs) &&
           ours.msgid == theirs.msgid;
  }
  if (fields.size() != add.size() - EntryFields) return false;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].text() != add[EntryFields + i]) return false;
  }
  return true;
}

/// True if XADD failed because the stream has this id or a higher one: an earlier attempt may have
/// stored the entry.
bool may_be_duplicate(const Argv& argv, std::string_view error) {
  return argv[0] == "XADD" && starts_with(error, "ERR The ID specified in XADD");
}

/// True if a key is in a state that this server never writes: it has another type, or is a stream
/// whose last id is the largest possible.
bool is_unusable(std::string_view error) {
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
      poison_finder_(poison_finder),
      writes_(std::move(first)) {}

void BatchWriter::start() {
  next();
}

/// Sends the next transaction, or ends after the last one.
void BatchWriter::next() {
  collect_records();
  attempts_ = 0;
  deleting_ = false;
  if (writes_.empty() && result_.outcome == Outcome::Done) {
    end(Outcome::Done, {});
  } else {
    write();
  }
}

/// Collects the records of the next transaction. A transaction never mixes suspected records with
/// others.
void BatchWriter::collect_records() {
  starts_.clear();
  parts_.clear();
  std::size_t bytes = 0;
  const bool no_findings = poison_finder_ == nullptr || poison_finder_->has_no_findings();
  bool suspected = false;
  for (; next_ < records_.size() && !is_full(bytes); ++next_) {
    const std::size_t start = writes_.size();
    encode(records_[next_], keys_, writes_);
    starts_.push_back(start);
    parts_.push_back(next_);
    for (std::size_t i = start; i < writes_.size(); ++i) bytes += bytes_of(writes_[i]);
    if (no_findings) continue;
    const PoisonFinder::WrittenRecord record = written_record(starts_.size() - 1);
    const bool alike = starts_.size() == 1 || poison_finder_->is_suspect(record) == suspected;
    const bool refused = poison_finder_->is_poison(record);
    suspected = poison_finder_->is_suspect(record);
    if (alike && !refused && (!suspected || starts_.size() <= poison_finder_->max_batch()))
      continue;
    writes_.resize(start);
    starts_.pop_back();
    parts_.pop_back();
    if (!refused) return;
    report(record.name, "not written: Redis closes the connection when it gets this record");
    note_left_out(next_);
  }
}

bool BatchWriter::is_full(std::size_t bytes) const {
  const std::size_t factor = continues_log() ? LogFactor : 1;
  return writes_.size() >= MaxCommands * factor || bytes >= MaxBytes * factor;
}

/// True if the next record belongs to the same log or inbox as the previous one.
bool BatchWriter::continues_log() const {
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

/// Describes record `i` of the transaction.
PoisonFinder::WrittenRecord BatchWriter::written_record(std::size_t i) const {
  const std::size_t end = i + 1 < starts_.size() ? starts_[i + 1] : writes_.size();
  return PoisonFinder::describe(&writes_[starts_[i]], end - starts_[i]);
}

std::vector<PoisonFinder::WrittenRecord> BatchWriter::records_in_flight() const {
  std::vector<PoisonFinder::WrittenRecord> all;
  for (std::size_t i = 0; i < starts_.size(); ++i) all.push_back(written_record(i));
  return all;
}

void BatchWriter::write() {
  ++attempts_;
  fenced_write(link_, lease_, LeaseUse::Renew, writes_,
               [this](const FencedResult& result) { on_written(result); });
}

void BatchWriter::on_written(const FencedResult& result) {
  switch (result.outcome) {
    case Outcome::Done:
      classify_errors(result);
      return;
    case Outcome::Again:
      if (attempts_ < MaxAttempts) {
        write();
      } else {
        end(Outcome::Failed, "the lease changed during each attempt to write the batch");
      }
      return;
    case Outcome::Refused:
      drop_refused(result);
      return;
    case Outcome::Gone:
    case Outcome::Taken:
    case Outcome::Failed:
      end(result.outcome, result.why);
      return;
  }
}

/// The index of the record to which a command belongs. Not for commands that precede all records.
std::size_t BatchWriter::part_with(std::size_t command) const {
  const auto after = std::upper_bound(starts_.begin(), starts_.end(), command);
  return static_cast<std::size_t>(after - starts_.begin()) - 1;
}

/// Notes the msgid of a message that is not written: its sender gets no ACK.
void BatchWriter::note_left_out(std::size_t record) {
  if (const auto* message = std::get_if<port::MessageRecord>(&records_[record])) {
    result_.left_out.push_back(message->message.msgid);
  } else if (const auto* mail = std::get_if<port::MailRecord>(&records_[record])) {
    result_.left_out.push_back(mail->message.msgid);
  }
}

/// Removes a record from the transaction.
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

/// Leaves out each record that has a rejected command, and sends the other records. Redis keeps the
/// earlier state of the left-out records.
void BatchWriter::drop_refused(const FencedResult& result) {
  if (starts_.empty() || result.errors.front().first < starts_.front()) {
    end(Outcome::Failed, explain(result.errors.front().second));
    return;
  }
  // in descending order, because erasing a record leaves smaller indexes valid
  std::set<std::size_t, std::greater<>> out;
  for (const auto& [i, error] : result.errors) {
    report(writes_[i][1], fmt::format("not written: {}", explain(error)));
    out.insert(part_with(i));
  }
  for (const std::size_t record : out) {
    note_left_out(parts_[record]);
    remove(record);
  }
  write();
}

/// Sorts the errors of a transaction. An error of one record is reported and the other records
/// count as stored. Any other error is temporary: it fails the batch, which is written again later.
void BatchWriter::classify_errors(const FencedResult& result) {
  std::set<std::string> unusable;
  std::vector<std::size_t> refused;
  std::vector<std::size_t> duplicates;  // XADDs of entries that Redis may have already
  for (const auto& [i, error] : result.errors) {
    const Argv& argv = writes_[i];
    if (is_unusable(error) && !deleting_) {
      unusable.insert(argv[1]);
    } else if (may_be_duplicate(argv, error)) {
      duplicates.push_back(i);
    } else if (is_of_command(error) || is_unusable(error)) {
      refused.push_back(i);
    } else {
      end(Outcome::Failed, fmt::format("{}: {}", printable(argv[1]), explain(error)));
      return;
    }
  }
  if (!unusable.empty()) {  // sends the transaction again, with a DEL of these keys
    delete_conflicting(unusable,
                       "deleted, and will be written again: it had the wrong type, or it was a "
                       "stream whose last id is the largest possible");
    return;
  }
  for (const auto& [i, error] : result.errors) {
    if (std::find(refused.begin(), refused.end(), i) == refused.end()) continue;
    report(writes_[i][1], fmt::format("not written: {}", explain(error)));
    if (!starts_.empty() && i >= starts_.front()) note_left_out(parts_[part_with(i)]);
  }
  check_entries(duplicates);
}

/// True if the transaction deletes the stream before it adds the entry.
bool BatchWriter::was_replaced(const std::string& key, std::size_t before) const {
  return std::any_of(writes_.begin(), writes_.begin() + static_cast<std::ptrdiff_t>(before),
                     [&](const Argv& argv) {
                       return argv[0] == "DEL" &&
                              std::find(argv.begin() + 1, argv.end(), key) != argv.end();
                     });
}

/// Sends the transaction again, with a DEL of the conflicting keys in front: while the server
/// lives, its memory is authoritative.
void BatchWriter::delete_conflicting(const std::set<std::string>& keys, std::string_view why) {
  deleting_ = true;
  result_.deleted_keys = true;
  Argv del{"DEL"};
  for (const auto& key : keys) {
    del.push_back(key);
    report(key, why);
  }
  writes_.insert(writes_.begin(), std::move(del));
  for (auto& start : starts_) ++start;
  write();
}

/// Reads each entry that XADD refused: an equal entry was stored by an attempt whose reply got
/// lost.
void BatchWriter::check_entries(const std::vector<std::size_t>& duplicates) {
  result_.outcome = Outcome::Done;
  pending_checks_ = duplicates.size();
  conflicting_.clear();
  for (const std::size_t i : duplicates) {
    const Argv& add = writes_[i];
    link_.send({"XRANGE", add[1], add[EntryId], add[EntryId]},
               [this, i](const RedisReply& reply) { on_entry(i, reply); });
  }
  if (duplicates.empty()) finish_transaction();
}

void BatchWriter::on_entry(std::size_t i, const RedisReply& reply) {
  if (reply.error()) {
    end(Outcome::Failed, explain(reply.text()));
    return;
  }
  const bool same =
      reply.size() == 1 && reply[0].size() == 2 && same_entry(writes_[i], reply[0][1]);
  if (!same) conflicting_.push_back(i);
  if (--pending_checks_ == 0) finish_transaction();
}

/// Ends the transaction. A stream with entries of other data is deleted and written again; if the
/// transaction had deleted it already, only the conflicting entries are left out.
void BatchWriter::finish_transaction() {
  std::set<std::string> streams;
  for (const std::size_t i : conflicting_) {
    const Argv& add = writes_[i];
    if (!was_replaced(add[1], i)) {
      streams.insert(add[1]);
    } else {
      report(add[1], fmt::format("entry {} not written: it is out of order", add[EntryId]));
      note_left_out(parts_[part_with(i)]);
    }
  }
  if (!streams.empty()) {
    delete_conflicting(
        streams,
        "deleted, and will be written again: it had entries that this server did not write");
    return;
  }
  for (std::size_t i = 0;
       poison_finder_ != nullptr && !poison_finder_->has_no_findings() && i < starts_.size(); ++i) {
    poison_finder_->stored(written_record(i));
  }
  writes_.clear();
  next();
}

void BatchWriter::report(const std::string& key, std::string_view why) {
  result_.warnings.push_back(fmt::format("{}: {}", printable(key), why));
}

void BatchWriter::end(Outcome outcome, std::string why) {
  result_.outcome = outcome;
  result_.why = std::move(why);
  done_(std::move(result_));
}

}  // namespace signaller::persist
