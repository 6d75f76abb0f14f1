// The reasons for closing a connection (docs/protocol.rst, "Close codes").
#pragma once

#include <cstdint>

namespace signaller::commands::close_code {

constexpr std::uint16_t Normal = 1000;
constexpr std::uint16_t NoStatus = 1005;
constexpr std::uint16_t TooSlow = 3008;
constexpr std::uint16_t NotDescribedInTime = 3502;
constexpr std::uint16_t Replaced = 3503;
constexpr std::uint16_t RemovedByOperator = 3505;
constexpr std::uint16_t Banned = 3507;
constexpr std::uint16_t TooManyErrors = 3508;

}  // namespace signaller::commands::close_code
