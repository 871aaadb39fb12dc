// Where in a profile something stands, for errors that say what to do.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "hookline/sdk/failure.h"
#include "json_tree.h"

namespace profile {

class Place {
 public:
  // `document`: what errors call the whole, as "layout".
  explicit Place(std::string path, std::string_view document = "profile")
      : path_(std::move(path)), document_(document) {}
  Place operator/(std::string_view member) const {
    return Place(path_.empty() ? std::string(member) : path_ + "." + std::string(member), document_);
  }
  Place operator[](std::size_t index) const { return Place(path_ + "[" + std::to_string(index) + "]", document_); }

  // "profile: kinds[2].emit[0].client: there is no step "phne"; …"
  [[noreturn]] void fail(const std::string& why) const;
  // For a word that is none of `known`.
  [[noreturn]] void fail_unknown(std::string_view what, std::string_view given,
                                 const std::vector<std::string>& known) const;
  // Every member of a map must be one of `known`.
  void check_members(const Json& map, const std::vector<std::string>& known) const;
  // The word as a text; fails on what is none.
  std::string text(const Json& value) const;
  // A text or a list of texts.
  std::vector<std::string> texts(const Json& value) const;
  const Json& map(const Json& value) const;
  const Json& list(const Json& value) const;

 private:
  std::string path_, document_;
};

// YAML's null, however it was typed on the way.
inline bool is_null(const Json& value) { return value.is_null() || value == "null" || value == "~"; }

}  // namespace profile
