// Most of the port is headers only. This file includes the main ones, so that an error in them
// fails the library of the port, before the rooms that use it.
#include "port/bucket.hpp"
#include "port/protocol.hpp"
