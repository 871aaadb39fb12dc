// The halves of canonical.h: one reader and one printer for each record type.
// Readers note what is wrong in the FieldReader.
#pragma once

#include "canonical/field_reader.h"
#include "canonical/json_text.h"
#include "model/records.h"

namespace hkl {

Call read_call(FieldReader& reader);
EmployeeRecord read_employee(FieldReader& reader);
DepartmentRecord read_department(FieldReader& reader);
OfficeRecord read_office(FieldReader& reader);
PresenceRecord read_presence(FieldReader& reader);
AdSourceRecord read_ad_source(FieldReader& reader);
LineRecord read_line(FieldReader& reader);
FunnelRecord read_funnel(FieldReader& reader);
ContactRecord read_contact(FieldReader& reader);
LeadRecord read_lead(FieldReader& reader);
LeadChangeRecord read_lead_change(FieldReader& reader);
InquiryRecord read_inquiry(FieldReader& reader);
VisitRecord read_visit(FieldReader& reader);
MarkRecord read_mark(FieldReader& reader);
TaskRecord read_task(FieldReader& reader);

OrderedJson to_json(const EmployeeRecord& record);
OrderedJson to_json(const DepartmentRecord& record);
OrderedJson to_json(const OfficeRecord& record);
OrderedJson to_json(const PresenceRecord& record);
OrderedJson to_json(const AdSourceRecord& record);
OrderedJson to_json(const LineRecord& record);
OrderedJson to_json(const FunnelRecord& record);
OrderedJson to_json(const ContactRecord& record);
OrderedJson to_json(const LeadChangeRecord& record);
OrderedJson to_json(const VisitRecord& record);
OrderedJson to_json(const MarkRecord& record);

std::string task_json(const TaskRecord& record, std::string_view state);

}  // namespace hkl
