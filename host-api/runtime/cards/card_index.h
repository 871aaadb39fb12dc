// Every telephone number with the cards of who has it, in memory: a look-up
// takes no statement and waits for nobody.
//
// From when it is wanted it follows the store: after each commit it reads again, on the writer's
// thread, the contacts that were written, whoever wrote them (triggers of the
// writer's session note them), so it never shows what is not stored, and who
// was told that something is stored finds it. It is filled beside the first
// work, from a session of its own; until then, after a fault of the store, and
// for what does not go into the memory allowed, the store is asked (CardReader),
// which gives the same answer.
//
// Readers: from any thread. follow(): the writer's thread alone.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "cards/card.h"
#include "cards/card_reader.h"
#include "cards/versioned_map.h"
#include "contacts/directory.h"
#include "pipeline/deriver.h"
#include "store/store.h"

namespace hkl {

// What is in it, at one moment; made by the filler, then kept by follow().
struct CardShelf {
  std::shared_ptr<const VersionedMap<NumberCards>> numbers = std::make_shared<VersionedMap<NumberCards>>();
  std::unordered_map<std::string, CardPtr> cards;  // by inside id
  std::set<std::string> sharers;                   // contacts who have a number in common with others, or had
  std::size_t bytes = 0, most_bytes = 0;

  // Several changes, which readers see at once when they are done.
  class Edit {
   public:
    explicit Edit(CardShelf& shelf) : shelf_(shelf), numbers_(*shelf.numbers) {}
    // In place of what is known of that contact; null: nothing. Leaves a card thin where memory is short.
    void put(const std::string& contact, std::shared_ptr<Card> card);
    // Contacts found to share a number for the first time.
    std::set<std::string> take_new_sharers() { return std::exchange(new_sharers_, {}); }
    void done() { shelf_.numbers = numbers_.done(); }

   private:
    void change_number(const std::string& number, const std::string& contact, const CardPtr& card);
    CardShelf& shelf_;
    VersionedMap<NumberCards>::Edit numbers_;
    std::set<std::string> new_sharers_;
  };
};

class CardIndex {
 public:
  // `most_bytes`: memory for cards, beyond which they are left to the store.
  CardIndex(Store& store, std::size_t most_bytes, std::shared_ptr<const Directory> directory,
            std::function<void(const Error&)> failed);
  ~CardIndex();
  CardIndex(const CardIndex&) = delete;
  CardIndex& operator=(const CardIndex&) = delete;

  // Begins to fill it, if nobody did yet; from any thread. `commit_soon` has
  // the writer commit, were it nothing: it is called here and by the filler.
  void fill(std::function<void()> commit_soon);
  // Before what commit_soon needs goes.
  void stop_filling();
  // Nothing: the store is asked.
  struct Size {
    std::size_t numbers, bytes;
  };
  std::optional<Size> size() const;

  // After a commit.
  void follow(const Changes& changes);

  // Who has the number, the one who is meant first; nothing: ask the store.
  std::optional<std::vector<CardPtr>> cards_of(std::string_view number, Instant now) const;
  bool holds(std::string_view number) const;
  // As of the latest commit.
  std::shared_ptr<const Directory> directory() const;

 private:
  std::shared_ptr<const VersionedMap<NumberCards>> numbers() const;
  void publish(std::shared_ptr<const VersionedMap<NumberCards>> numbers);
  void fill_now();
  void begin_to_note();
  void start_filler();
  void renew();

  Store& store_;
  std::size_t most_bytes_;
  std::function<void(const Error&)> failed_;

  // Held for the copy of a pointer, so nobody waits for who looks up.
  mutable std::mutex current_mutex_;
  std::shared_ptr<const VersionedMap<NumberCards>> current_;  // guarded by it; null: ask the store
  std::shared_ptr<const Directory> directory_;                // too

  // Of the writer's thread.
  CardReader reader_;
  std::unique_ptr<CardShelf> shelf_;  // null: not filled yet
  std::set<std::string> due_;         // written since it was read
  bool is_noting_ = false;

  std::atomic<std::size_t> bytes_{0};
  std::atomic<bool> is_asked_{false}, is_wanted_{false}, is_ending_{false};
  std::function<void()> commit_soon_;  // set before is_wanted_
  std::mutex filled_mutex_;            // guards the two below
  std::unique_ptr<CardShelf> filled_;  // waits for the writer to take it
  std::thread filler_;
};

}  // namespace hkl
