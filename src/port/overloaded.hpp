// Builds the visitor of std::visit from one lambda for each alternative.
#pragma once

namespace signaller::port {

template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>;

}  // namespace signaller::port
