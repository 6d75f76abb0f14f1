#include "port/address_costs.hpp"

#include <gtest/gtest.h>

#include <string>

namespace signaller::port {
namespace {

TEST(AddressCosts, AreSharedByNetworkAndForgottenWhenIdle) {
  AddressCosts costs;
  costs.set_limits(1, 10);
  AddressUse& one = costs.enter("2001:db8::1", 0);
  EXPECT_EQ(&one, &costs.enter("2001:db8::2", 0)) << "of one /64";
  EXPECT_NE(&one, &costs.enter("2001:db8:0:1::1", 0));
  EXPECT_EQ(&costs.enter("192.0.2.1", 0), &costs.enter("::ffff:192.0.2.1", 0));
  EXPECT_EQ(costs.size(), 3U);
}

TEST(AddressCosts, StayWhileAConnectionIsOpenOrTheBucketIsNotFull) {
  AddressCosts costs;
  costs.set_limits(1, 10);
  AddressUse& here = costs.enter("192.0.2.1", 0);
  AddressUse& spent = costs.enter("192.0.2.2", 0);
  ASSERT_EQ(costs.take(spent, 10, 0), 0);
  AddressCosts::leave(spent);
  for (int i = 0; i < 100'000; ++i) {
    const std::string address = "10." + std::to_string(i / 65'536) + '.' +
                                std::to_string(i / 256 % 256) + '.' + std::to_string(i % 256);
    AddressCosts::leave(costs.enter(address, 0));
  }
  EXPECT_LE(costs.size(), 1'024U) << "who has gone and owes nothing is forgotten";
  EXPECT_EQ(&here, &costs.enter("192.0.2.1", 0));
  EXPECT_EQ(&spent, &costs.enter("192.0.2.2", 0));
  EXPECT_EQ(costs.take(spent, 10, 0), 10'000) << "leaving pays nothing back";
}

TEST(AddressCosts, ARequestIsChargedToTheSameAccountAsAConnection) {
  AddressCosts costs;
  costs.set_limits(1, 10);
  AddressUse& connected = costs.enter("192.0.2.1", 0);
  EXPECT_EQ(costs.charge("192.0.2.1", 8, 0), 0);
  EXPECT_EQ(costs.take(connected, 4, 0), 2'000);
  EXPECT_EQ(costs.charge("192.0.2.2", 4, 0), 0) << "another address";
  EXPECT_EQ(costs.charge("192.0.2.1", 4, 2'000), 0);
}

TEST(AddressCosts, NothingIsRefusedWithoutALimit) {
  AddressCosts costs;
  for (int i = 0; i < 100; ++i) EXPECT_EQ(costs.charge("192.0.2.1", 1'000, 0), 0);
  costs.set_limits(1, 10);
  EXPECT_EQ(costs.charge("192.0.2.1", 10, 0), 0) << "limits hold from then on";
  EXPECT_EQ(costs.charge("192.0.2.1", 10, 0), 10'000);
}

}  // namespace
}  // namespace signaller::port
