// How much memory the process has taken, and how much there is.
#pragma once

#include <cstddef>
#include <string>

namespace signaller::net {

/// Resident memory in bytes, as the system counts it (proc(5)); 0 where it does not tell.
std::size_t resident_bytes();

/// What the process may take: the machine's memory, or what its control group allows if that is
/// less, in bytes.
std::size_t available_bytes();

/// The watermark in bytes: `configured`, or with 0 three quarters of what is available.
std::size_t memory_watermark(std::size_t configured);

}  // namespace signaller::net
