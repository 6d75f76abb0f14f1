#include "persist/redis/lease.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace signaller::persist;

TEST(LeaseHolder, RoundTripsAsOneLineOfTokens) {
  const LeaseHolder here = this_process("boot 1");
  EXPECT_EQ(here.boot, "boot_1");
  EXPECT_EQ(here.pid, ::getpid());
  EXPECT_GT(here.start, 0U);
  EXPECT_FALSE(here.place.empty());
  const auto again = parse_holder(here.text());
  ASSERT_TRUE(again);
  EXPECT_EQ(again->text(), here.text());
  for (const char* bad : {"", "a b", "a b 1", "a b x 1 p", "a b 1 x p", "a b -1 1 p"}) {
    EXPECT_FALSE(parse_holder(bad)) << bad;
  }
}

TEST(LeaseHolder, ALiveProcessIsAlive) {
  const LeaseHolder here = this_process("b");
  EXPECT_FALSE(has_died(here, here));
  LeaseHolder other = here;
  other.pid = 1;
  EXPECT_TRUE(has_died(other, here)) << "another process has the pid: its start time differs";
}

TEST(LeaseHolder, AnEndedProcessIsDead) {
  const LeaseHolder here = this_process("b");
  LeaseHolder child = here;
  const pid_t pid = ::fork();
  if (pid == 0) ::_exit(0);
  child.pid = pid;
  siginfo_t info{};
  ASSERT_EQ(::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOWAIT), 0);
  EXPECT_TRUE(has_died(child, here)) << "a zombie";
  ASSERT_EQ(::waitpid(pid, nullptr, 0), pid);
  EXPECT_TRUE(has_died(child, here));
}

TEST(LeaseHolder, AProcessElsewhereIsUnknown) {
  const LeaseHolder here = this_process("b");
  LeaseHolder gone = here;
  gone.pid = 4'000'000;  // no process has this pid
  gone.start = 1;
  EXPECT_TRUE(has_died(gone, here));
  LeaseHolder elsewhere = gone;
  elsewhere.host = "other";
  EXPECT_FALSE(has_died(elsewhere, here));
  elsewhere = gone;
  elsewhere.place = "of another name space";
  EXPECT_FALSE(has_died(elsewhere, here)) << "the same name is not the same machine";
  for (const std::int64_t pid : {std::int64_t{0}, std::int64_t{1} << 32}) {
    elsewhere = gone;
    elsewhere.pid = pid;
    EXPECT_FALSE(has_died(elsewhere, here)) << pid << " is no pid";
  }
}

TEST(LeaseHolder, NoHolderIsDeadWhereTheMachineCannotBeIdentified) {
  LeaseHolder here = this_process("b");
  LeaseHolder gone = here;
  gone.pid = 4'000'000;  // no process has this pid
  ASSERT_TRUE(has_died(gone, here));
  for (const char* place : {"/4026531836", "0b2c7a52-0000-0000-0000-000000000000/0", "/0", "_"}) {
    here.place = gone.place = place;
    EXPECT_FALSE(has_died(gone, here)) << place;
  }
}
