// Erasing a person (DESIGN section 12): one commit for all that the store knows,
// then what lies on the disk besides. A crash in between is made good by whoever
// owns the store next.
#include <Poco/Data/Session.h>
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "api/old_files.h"
#include "api/runtime.h"
#include "pipeline/person.h"
#include "reports/mask.h"

namespace hkl {
namespace {

using Json = nlohmann::ordered_json;

// A delivery ends after the webhook's timeout, of seconds.
constexpr Millis kDeliveryPatience{15000};

bool is_elsewhere(const std::string& recording) {
  return recording.starts_with("https://") || recording.starts_with("http://");
}

// Files that tell the person, and what can only be told to the admin.
struct PersonFiles {
  std::vector<std::string> recordings, captures, elsewhere;
  std::vector<std::string> unsearched;  // sources whose recorded bytes are kept
};

PersonFiles files_of(const Config& config, const Person& person) {
  PersonFiles files;
  for (const auto& name : person.recordings) {
    if (is_elsewhere(name)) {
      files.elsewhere.push_back(name);
    } else if (!config.recordings_folder.empty()) {
      if (auto file = file_within(config.recordings_folder, name); !file.empty())
        files.recordings.push_back(std::move(file));
    }
  }
  for (const auto& source : config.sources) {
    if (source.record.empty()) continue;
    bool is_left = false;
    for (auto& file : captures_of(source.record, source.name)) {
      if (tells(file, person.own)) {
        files.captures.push_back(std::move(file));
      } else {
        is_left = true;
      }
    }
    if (is_left) files.unsearched.push_back(source.name);
  }
  return files;
}

Json telling_of(const Person& person, const PersonFiles& files, const Erased* erased, std::uint64_t poison) {
  auto renamed = Json::object();
  if (erased != nullptr)
    for (const auto& [old, now] : person.renamed) renamed[old] = now;
  return {{"contact", person.shown},
          {"state", person.is_erased    ? "was_erased"
                    : erased != nullptr ? "erased"
                                        : "would_be_erased"},
          {"now", erased == nullptr ? Json() : Json(erased->contact)},
          {"numbers", person.numbers.size()},
          {"emails", person.emails.size()},
          {"visitors", person.visitors.size()},
          {"calls", person.keys.size()},
          {"calls_of_others", person.other_calls.size()},
          {"inquiries", person.inquiries.size()},
          {"leads", person.leads.size()},
          {"tasks", person.tasks.size()},
          {"journal_events", person.event_count},
          {"journal_records", person.records.size()},
          {"journal_mentions", person.mentions.size() + person.tellings.size()},
          {"set_aside", poison},
          {"recording_files", files.recordings.size()},
          {"capture_files", files.captures.size()},
          {"left",
           {{"shared_numbers", person.shared_numbers},
            {"recordings_elsewhere", files.elsewhere},
            {"recorded_bytes_of", files.unsearched}}},
          {"renamed", renamed}};
}

std::string joined_lines(const char* what, const Json& list) {
  std::string text;
  for (const auto& one : list) text += fmt::format("  {} {}\n", what, one.get<std::string>());
  return text;
}

std::string in_words(const Json& t, const RetentionConfig& retention) {
  const auto contact = t["contact"].get<std::string>();
  const auto state = t["state"].get<std::string>();
  if (state == "was_erased") return fmt::format("contact {}: nothing is left to erase\n", contact);
  auto text = state == "erased" ? fmt::format("contact {} is erased; it is {} from now on\n", contact, t["now"].dump())
                                : fmt::format("contact {} would be erased\n", contact);
  const auto n = [&](const char* name) { return t[name].get<std::uint64_t>(); };
  text += fmt::format("  {} numbers, {} e-mails, {} visitors\n", n("numbers"), n("emails"), n("visitors"));
  text += fmt::format(
      "  {} calls (and {} that mention the person), {} inquiries, {} leads, {} tasks: they stay, with a "
      "token in place of the person\n",
      n("calls"), n("calls_of_others"), n("inquiries"), n("leads"), n("tasks"));
  text += fmt::format("  journal: {} events, {} records, {} other entries; {} inputs that were set aside\n",
                      n("journal_events"), n("journal_records"), n("journal_mentions"), n("set_aside"));
  text += fmt::format("  files: {} recordings, {} of recorded bytes\n", n("recording_files"), n("capture_files"));
  const auto& left = t["left"];
  text += joined_lines("stays, as another contact has it too:", left["shared_numbers"]);
  text += joined_lines("is elsewhere, delete it there:", left["recordings_elsewhere"]);
  for (const auto& source : left["recorded_bytes_of"])
    text += fmt::format("  recorded bytes of {} are left in which the person was not found; {}\n",
                        source.get<std::string>(),
                        retention.record ? "they go when retention.record has passed"
                                         : "set retention.record, so that they go some day");
  for (const auto& [old, now] : t["renamed"].items())
    text += fmt::format("  {} is {} from now on\n", old, now.get<std::string>());
  return text;
}

}  // namespace

Done Runtime::erase(const std::string& who, bool is_dry_run, const std::string& format, const Asker& asker,
                    const hkl_writer& writer) {
  if (auto may = check_right(asker.access.get(), "contacts.erase"); !may) return may;
  if (!sees_all(asker.access.get()))
    return fail(HKL_AUTH,
                fmt::format("{} sees not everybody's contacts, and may erase none; the role needs `sees: all`",
                            asker.access->name));
  if (!format.empty() && format != "table" && format != "json")
    return fail(HKL_INVALID, fmt::format("what was erased is told as table or json, not as \"{}\"", format));
  Person person;
  PersonFiles files;
  std::optional<Erased> erased;
  Done outcome;
  // False: there is nothing to do, or it cannot be done.
  const auto look = [&](Sql& sql) {
    const auto root = find_person(sql, who, config_.phone_region);
    if (!root) {
      outcome = fail(root.error());
      return false;
    }
    person = person_of(sql, *root);
    files = files_of(config_, person);
    if (!person.open_calls.empty())
      outcome = fail(HKL_UNAVAILABLE, fmt::format("the call {} of {} goes on; erase the contact when it is over",
                                                  person.open_calls.front(), person.shown));
    return static_cast<bool>(outcome) && !person.is_erased;
  };
  if (is_dry_run) {
    auto session = reader();
    if (!session) return fail(session.error());
    try {
      Sql sql(**session);
      sql.run("BEGIN");
      (void)look(sql);
      sql.run("ROLLBACK");
    } catch (const SqlError& error) {
      return fail(error.error().in(store_->path()));
    }
  } else {
    if (auto writes = needs_writer(); !writes) return writes;
    const std::lock_guard one_at_a_time(privacy_mutex_);
    // What the CRM answers must find the ids that it was told.
    std::unique_lock<std::timed_mutex> undisturbed;
    if (outbox_) undisturbed = outbox_->pause(kDeliveryPatience);
    if (outbox_ && !undisturbed)
      return fail(HKL_UNAVAILABLE,
                  "a delivery to the CRM is under way and does not end; erase the contact later, and "
                  "not from within a callback");
    auto ran = writer_->run([&](Deriver& deriver, Sql& sql) {
      if (!look(sql)) return;
      // What an earlier one could not remove is still to go. Noted after the erasing, which takes the person out of
      // all that is kept: names of files may tell the number, and it is by them that files are removed.
      auto paths = Json::parse(store_->meta(kScrub), nullptr, false);
      if (!paths.is_array()) paths = Json::array();
      for (const auto* list : {&files.recordings, &files.captures})
        for (const auto& file : *list) paths.push_back(file);
      erased = deriver.erase(person, now());
      store_->set_meta(kScrub, paths.dump());
    });
    if (!ran) return ran;
    // Also what an earlier one could not finish.
    if (auto cleaned = finish_erasing(); !cleaned) {
      if (!erased) return cleaned;
      return fail(Error(cleaned.error())
                      .in(fmt::format("{} is erased, and what the disk still has of it goes at the next start or by "
                                      "the same command",
                                      person.shown)));
    }
  }
  if (!outcome) return outcome;
  if (erased)
    log(HKL_LOG_INFO,
        fmt::format("a contact was erased: {} calls, {} inquiries, {} leads, {} journal records, {} files",
                    person.keys.size(), person.inquiries.size(), person.leads.size(), person.records.size(),
                    files.recordings.size() + files.captures.size()));
  auto telling = telling_of(person, files, erased ? &*erased : nullptr, erased ? erased->poison : 0);
  hide(asker.access.get(), telling);
  return write_text(writer, format == "json" ? telling.dump(2) + "\n" : in_words(telling, config_.retention));
}

// What the commit left to do; nothing where there was none.
Done Runtime::finish_erasing() {
  std::string paths;
  if (auto ran = writer_->run([&](Deriver&, Sql&) { paths = store_->meta(kScrub); }); !ran) return ran;
  if (paths.empty()) return {};
  const auto list = Json::parse(paths, nullptr, false);
  // One that does not go keeps nothing else: it is named, and tried again.
  Done removed;
  for (const auto& path : list.is_array() ? list : Json::array())
    if (auto gone = remove_file(path.get<std::string>()); !gone && removed) removed = std::move(gone);
  if (columns_)
    if (auto gone = columns_->forget(); !gone) return gone;
  // Names of files may tell a number, so they go before the store is written anew.
  if (removed) {
    if (auto ran = writer_->run([&](Deriver&, Sql&) { store_->set_meta(kScrub, "[]"); }); !ran) return ran;
  }
  if (auto scrubbed = writer_->run_outside([](Store& store) { return store.scrub(); }); !scrubbed) return scrubbed;
  if (!removed) return removed;
  return writer_->run([&](Deriver&, Sql&) { store_->drop_meta(kScrub); });
}

}  // namespace hkl
