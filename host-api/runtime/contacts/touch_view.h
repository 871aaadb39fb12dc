// What plugins see of a contact: the views of hookline/facts.h over the
// runtime's own records. A view lives as long as what it was made of.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "contacts/lead_book.h"
#include "hookline/facts.h"

namespace hkl {

// One inquiry with its call while it is derived.
struct Touch {
  InquiryRecord inquiry;
  const Call* call = nullptr;
  std::vector<std::string> tags;
  int rating = 0;
  std::string visit, visit_why, made_lead;
  bool is_lead_told = false, are_tags_by_hand = false;
  std::string responsible;  // of the open lead when it was over or came
  Instant over_at{};        // that moment
};

// The hkl_touch of one Touch; refresh() after the Touch changed.
class TouchView {
 public:
  TouchView(const Touch& touch, const Directory& directory);
  void refresh(const Touch& touch);
  // No figure of a report counts it (hookline/report.h).
  void leave_out() { view_.is_left_out = 1; }
  const hkl_touch* get() const { return &view_; }

 private:
  hkl_touch view_{};
  std::vector<hkl_str> tags_, duty_;
  std::deque<hkl_leg> legs_;
  std::vector<const hkl_leg*> leg_list_;
};

// The contact itself. `responsible` is read anew by set_responsible.
class ContactView {
 public:
  explicit ContactView(const ContactRecord& contact);
  void set_responsible(std::string employee);
  const hkl_contact* get() const { return &view_; }

 private:
  hkl_contact view_{};
  std::vector<hkl_str> numbers_, emails_;
  std::string responsible_;
};

// Leads as they are now.
class LeadViews {
 public:
  LeadViews(const std::vector<LeadRecord>& leads, const std::vector<LeadChangeRecord>& changes,
            const Directory& directory);
  const std::vector<const hkl_lead*>& list() const { return list_; }

 private:
  struct Own {
    hkl_lead view{};
    std::vector<std::string> groups;
    std::vector<hkl_str> group_views;
  };
  std::deque<Own> own_;
  std::vector<const hkl_lead*> list_;
};

// Visits in time order, ties by id.
class VisitViews {
 public:
  VisitViews(const std::vector<VisitRecord>& visits, const Directory& directory);
  const std::vector<const hkl_visit*>& list() const { return list_; }

 private:
  struct Own {
    hkl_visit view{};
    std::vector<std::string> tags;  // "utm_content=red"
    std::vector<hkl_str> tag_views;
  };
  std::deque<Own> own_;
  std::vector<const hkl_visit*> list_;
};

hkl_strs views_of(const std::vector<std::string>& texts, std::vector<hkl_str>& storage);

}  // namespace hkl
