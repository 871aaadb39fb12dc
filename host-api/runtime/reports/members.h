// Reads the members of a JSON object one by one and complains in words, with
// the path of what is wrong: `measures[3].expr, column 12: …`.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "reports/definition.h"

namespace hkl {

using Complaints = std::vector<DefinitionFault>;

class Members {
 public:
  // `path` is empty for the document itself. Both outlive this.
  Members(const nlohmann::json& object, std::string path, Complaints& complaints);

  // Missing members give an empty value; a wrong type is a complaint.
  std::string text(const char* name, bool is_needed = false);
  LocalText local_text(const char* name, bool is_needed = false);
  bool yes(const char* name);  // false where it is missing
  // An id of the language: small letters, digits, underscores.
  std::string id();
  std::vector<std::string> texts(const char* name);
  // {"short": {"ru": …, "en": …}}
  WordTexts words(const char* name);
  const nlohmann::json* member(const char* name);
  // The elements of an array of objects, each with its path.
  std::vector<Members> objects(const char* name);
  // Complains about members nobody asked for, with the nearest one asked for.
  void no_others();

  // Null where it is missing or wrong.
  NodePtr expression(const char* name, const Scope& scope);
  NodePtr condition(const char* name, const Scope& scope, bool is_needed);

  void complain(std::string_view name, std::string_view text);

 private:
  using Check = Result<NodePtr> (*)(std::string_view, const Scope&);
  NodePtr checked(const char* name, const Scope& scope, bool is_needed, Check check);
  std::string place(std::string_view name) const;
  const nlohmann::json& object_;
  std::string path_;
  Complaints& complaints_;
  std::vector<std::string_view> asked_;
};

}  // namespace hkl
