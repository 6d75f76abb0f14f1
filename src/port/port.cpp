// What of the port is headers only: this file makes the compiler read each of them alone and first.
#include "port/bucket.hpp"
#include "port/protocol.hpp"
