#include "cards/card_index.h"

#include <fmt/format.h>

#include <algorithm>

#include "cards/card_filler.h"

namespace hkl {
namespace {

// What is written to, noted by the writer's session alone, in its own memory, and rolled
// back with what it speaks of. A contact that was merged, or from whom another was taken
// away, changes too. No conflict may come up there: the statement that fires a trigger
// decides what becomes of it, whatever the trigger says.
std::string noting() {
  std::string sql = "CREATE TEMP TABLE card_notes(contact TEXT PRIMARY KEY) WITHOUT ROWID;";
  const auto add = [&](const std::string& on, std::initializer_list<const char*> contacts) {
    auto name = "card_" + on;
    std::replace(name.begin(), name.end(), ' ', '_');
    sql += fmt::format("CREATE TEMP TRIGGER {} AFTER {} BEGIN ", name, on);
    for (const auto* contact : contacts)
      sql += fmt::format(
          "INSERT INTO card_notes SELECT {0} WHERE {0} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM card_notes n WHERE "
          "n.contact = {0}); ",
          contact);
    sql += "END;";
  };
  add("INSERT ON contacts", {"new.id", "new.merged_into"});
  add("UPDATE ON contacts", {"new.id", "old.id", "new.merged_into", "old.merged_into"});
  add("DELETE ON contacts", {"old.id", "old.merged_into"});
  for (const auto* table : {"contact_names", "leads", "tasks"}) {
    add(fmt::format("INSERT ON {}", table), {"new.contact"});
    add(fmt::format("UPDATE ON {}", table), {"new.contact", "old.contact"});
    add(fmt::format("DELETE ON {}", table), {"old.contact"});
  }
  // An id that the CRM gave; a contact's own row is its own.
  add("UPDATE OF crm_id ON outbox", {"nullif(new.contact, '')"});
  return sql;
}

}  // namespace

CardIndex::CardIndex(Store& store, std::size_t most_bytes, std::shared_ptr<const Directory> directory,
                     std::function<void(const Error&)> failed)
    : store_(store),
      most_bytes_(most_bytes),
      failed_(std::move(failed)),
      directory_(std::move(directory)),
      reader_(store.sql()) {}

CardIndex::~CardIndex() { stop_filling(); }

void CardIndex::stop_filling() {
  std::thread filler;
  {
    const std::lock_guard lock(filled_mutex_);
    is_ending_ = true;
    filler.swap(filler_);
  }
  if (filler.joinable()) filler.join();
}

void CardIndex::fill(std::function<void()> commit_soon) {
  if (is_asked_.exchange(true)) return;
  commit_soon_ = std::move(commit_soon);
  is_wanted_ = true;
  commit_soon_();
}

// The filler reads what was committed before it began, and all that is written
// from now on is noted: between the two nothing is lost.
void CardIndex::begin_to_note() {
  store_.sql().run(noting().c_str());
  is_noting_ = true;
  start_filler();
}

void CardIndex::start_filler() {
  const std::lock_guard lock(filled_mutex_);
  if (filler_.joinable()) filler_.join();  // done, as it waits for nobody
  filled_.reset();
  if (!is_ending_) filler_ = std::thread([this] { fill_now(); });
}

void CardIndex::fill_now() {
  auto filled = fill_cards(store_, most_bytes_, is_ending_);
  if (!filled) return failed_(filled.error());
  if (!*filled) return;  // ending
  {
    const std::lock_guard lock(filled_mutex_);
    filled_ = std::move(*filled);
  }
  commit_soon_();
}

void CardIndex::follow(const Changes& changes) {
  if (changes.directory) {
    const std::lock_guard lock(current_mutex_);
    directory_ = changes.directory;
  }
  try {
    if (!is_wanted_) return;
    if (!is_noting_) return begin_to_note();
    {
      auto notes = store_.sql().query("SELECT contact FROM card_notes");
      while (notes.step()) due_.insert(notes.text(0));
    }
    if (!due_.empty()) store_.sql().query("DELETE FROM card_notes").run();
    if (!shelf_) {
      const std::lock_guard lock(filled_mutex_);
      shelf_ = std::move(filled_);
    }
    if (!shelf_) return;
    // Where several have one number, the last talk decides.
    for (const auto& contact : changes.contacts)
      if (shelf_->sharers.contains(contact)) due_.insert(contact);
    renew();
  } catch (const std::exception& error) {
    // Half of it may be changed: it is filled anew, and the store is asked until then.
    publish(nullptr);
    failed_(Error{HKL_UNAVAILABLE, fmt::format("look-ups by number: {}: {}", store_.path(), error.what())});
    if (std::exchange(shelf_, nullptr)) start_filler();
  }
}

void CardIndex::renew() {
  CardShelf::Edit edit(*shelf_);
  std::set<std::string> roots;
  for (const auto& contact : due_) {
    auto root = reader_.root(contact);
    if (root != contact) edit.put(contact, nullptr);
    roots.insert(std::move(root));
  }
  auto read = roots;
  while (!roots.empty()) {
    for (const auto& root : roots) edit.put(root, reader_.card(root));
    // The filler did not ask when those were last spoken to who had nobody beside them.
    roots = edit.take_new_sharers();
    std::erase_if(roots, [&](const std::string& root) { return !read.insert(root).second; });
  }
  edit.done();
  due_.clear();
  bytes_ = shelf_->bytes;
  publish(shelf_->numbers);
}

void CardIndex::publish(std::shared_ptr<const VersionedMap<NumberCards>> numbers) {
  const std::lock_guard lock(current_mutex_);
  current_.swap(numbers);  // the old one goes after the lock
}

std::shared_ptr<const VersionedMap<NumberCards>> CardIndex::numbers() const {
  const std::lock_guard lock(current_mutex_);
  return current_;
}

std::shared_ptr<const Directory> CardIndex::directory() const {
  const std::lock_guard lock(current_mutex_);
  return directory_;
}

std::optional<std::vector<CardPtr>> CardIndex::cards_of(std::string_view number, Instant now) const {
  const auto known = numbers();
  if (!known) return std::nullopt;
  const auto* found = known->find(number);
  if (found == nullptr) return std::vector<CardPtr>{};
  auto cards = found->cards;
  if (!put_in_order(cards, now)) return std::nullopt;
  return cards;
}

std::optional<CardIndex::Size> CardIndex::size() const {
  const auto known = numbers();
  return known ? std::optional(Size{known->size(), bytes_}) : std::nullopt;
}

bool CardIndex::holds(std::string_view number) const {
  const auto known = numbers();
  return known && known->find(number) != nullptr;
}

}  // namespace hkl
