#include "cards/card_filler.h"

#include <Poco/Data/Session.h>

#include <unordered_set>

namespace hkl {

// Contacts that are one with none are made of a few long statements; the
// others, and those who share a number, one by one.
class CardFiller {
 public:
  CardFiller(Sql& sql, CardShelf& shelf, const std::atomic<bool>& is_ending)
      : sql_(sql), reader_(sql), shelf_(shelf), is_ending_(is_ending) {}

  bool run() {
    sql_.run("BEGIN");  // all of one moment, until the session ends
    CardShelf::Edit edit(shelf_);
    read_contacts();
    read_numbers();
    for (const char* table : {"leads", "tasks"}) read_owners(table);
    for (auto& [contact, card] : plain_) {
      if (is_ending_) return false;
      if (card->numbers.empty()) continue;
      card->contact = reader_.ids_.shown("contact", contact);
      reader_.describe(*card, have_leads_.contains(contact), have_tasks_.contains(contact));
      edit.put(contact, std::move(card));
    }
    std::set<std::string> roots;
    for (const auto& contact : merged_) roots.insert(reader_.root(contact));
    roots.merge(edit.take_new_sharers());
    auto read = roots;
    while (!roots.empty()) {
      for (const auto& root : roots) {
        if (is_ending_) return false;
        edit.put(root, reader_.card(root));
      }
      roots = edit.take_new_sharers();
      std::erase_if(roots, [&](const std::string& root) { return !read.insert(root).second; });
    }
    edit.done();
    return true;
  }

 private:
  void read_contacts() {
    auto rows = sql_.query("SELECT id, name, merged_into, is_ours, made_ms FROM contacts");
    while (rows.step() && !is_ending_) {
      auto id = rows.text(0), into = rows.text(2);
      if (!into.empty()) {
        merged_.insert(std::move(into));
        merged_.insert(id);
      }
      auto card = std::make_shared<Card>();
      card->inside_id = id;
      card->name = rows.text(1);
      card->is_made = rows.integer(3) != 0;
      card->made_ms = rows.maybe_integer(4).value_or(INT64_MAX);
      plain_.emplace(std::move(id), std::move(card));
    }
    for (const auto& id : merged_) plain_.erase(id);
  }
  void read_numbers() {
    auto rows = sql_.query("SELECT contact, name FROM contact_names WHERE kind = 'number'");
    while (rows.step() && !is_ending_)
      if (const auto found = plain_.find(rows.text(0)); found != plain_.end())
        found->second->numbers.push_back(rows.text(1));
  }
  void read_owners(const std::string& table) {
    auto& owners = table == "leads" ? have_leads_ : have_tasks_;
    const auto statement = "SELECT DISTINCT contact FROM " + table + " WHERE contact IS NOT NULL";
    auto rows = sql_.query(statement.c_str());
    while (rows.step() && !is_ending_) owners.insert(rows.text(0));
  }

  Sql& sql_;
  CardReader reader_;
  CardShelf& shelf_;
  const std::atomic<bool>& is_ending_;
  std::unordered_map<std::string, std::shared_ptr<Card>> plain_;
  std::unordered_set<std::string> merged_, have_leads_, have_tasks_;
};

Result<std::unique_ptr<CardShelf>> fill_cards(const Store& store, std::size_t most_bytes,
                                              const std::atomic<bool>& is_ending) {
  auto session = store.open_reader();
  if (!session) return fail(session.error());
  try {
    Sql sql(**session);
    auto shelf = std::make_unique<CardShelf>();
    shelf->most_bytes = most_bytes;
    if (!CardFiller(sql, *shelf, is_ending).run()) return std::unique_ptr<CardShelf>();
    return shelf;
  } catch (const SqlError& error) {
    return fail(error.error().in("look-ups by number: " + store.path()));
  }
}

}  // namespace hkl
