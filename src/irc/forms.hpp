// The two forms of a line from the server: plain, and with IRCv3 message tags.
#pragma once

#include <array>
#include <cstdint>

#include "port/effects.hpp"

namespace signaller::irc {

/// A receiver gets the tagged form if it has the cap `tags`.
constexpr port::Form PlainForm = 0;
constexpr port::Form TaggedForm = 1;

/// The number of receivers of each form. A form without receivers is not rendered.
using FormCounts = std::array<std::uint32_t, port::FormCount>;

}  // namespace signaller::irc
