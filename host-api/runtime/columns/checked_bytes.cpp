#include "columns/checked_bytes.h"

#include <xxhash.h>

#include "columns/not_in_columns.h"

namespace hkl {

bool CheckedBytes::is_sound() const {
  auto state = state_.load(std::memory_order_relaxed);
  if (state == State::unknown) {
    state = XXH3_64bits(bytes_, size_) == checksum_ ? State::sound : State::damaged;
    // Another thread may have changed a row since it looked: what it found stands.
    auto found = State::unknown;
    if (!state_.compare_exchange_strong(found, state)) state = found;
  }
  return state == State::sound;
}

void CheckedBytes::check() const {
  if (!is_sound()) throw DamagedColumns();
}

}  // namespace hkl
