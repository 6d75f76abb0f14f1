// The whole application without sockets: several clients follow a script, and the invariants are
// checked after each step (tests/fuzz/stage.hpp).
// Input: a script (tests/fuzz/script.hpp).
#include "tests/fuzz/must.hpp"
#include "tests/fuzz/script.hpp"
#include "tests/fuzz/script_mutator.hpp"
#include "tests/fuzz/stage.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace signaller::fuzz;
  const std::vector<Step> steps = parse_script(text_of(data, size));
  std::vector<std::string> settings;
  for (const Step& step : steps) {
    if (step.act != Act::Set) break;
    settings.push_back(step.text);
  }
  Stage stage(settings);
  for (const Step& step : steps) stage.take(step);
  stage.end();
  return 0;
}

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);

/// Half of the mutations move, make and drop whole steps; the others change bytes.
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t most, unsigned seed) {
  using namespace signaller::fuzz;
  if (seed % 2 == 0) return LLVMFuzzerMutate(data, size, most);
  const std::string changed = mutate_script(text_of(data, size), most, seed);
  std::copy(changed.begin(), changed.end(), data);
  return changed.size();
}
