// All cards of a store at once, for the start.
#pragma once

#include <atomic>
#include <memory>

#include "cards/card_index.h"

namespace hkl {

// As of one moment, by a session of its own. Null: is_ending was set.
Result<std::unique_ptr<CardShelf>> fill_cards(const Store& store, std::size_t most_bytes,
                                              const std::atomic<bool>& is_ending);

}  // namespace hkl
