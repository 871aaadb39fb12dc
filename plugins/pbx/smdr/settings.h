// Settings of a source of printed call records. What the layout needs besides it
// declares itself; those are given as secrets and values.
#pragma once

#include "hookline/sdk/pbx_adapter.h"

namespace smdr {

// Read as a tree in smdr.cpp: the names below secrets and values are the layout's.
struct Settings {};

}  // namespace smdr

namespace hookline {

template <>
struct SettingsOf<smdr::Settings> {
  static constexpr std::tuple<> fields{};
};

template <>
constexpr void put_schema<smdr::Settings>(Pen& pen) {
  pen.put(R"({"type":"object","additionalProperties":false,"properties":{)"
          R"("layout":{"type":["string","object","array"],"contentFile":true,)"
          R"("description":"The layout of the records, a YAML file"},)"
          R"("listen":{"type":"string","maxLength":300,"default":"",)"
          R"("description":"PORT or ADDRESS:PORT to which the PBX connects; without an address this machine alone"},)"
          R"("allow":{"type":"array","items":{"type":"string","maxLength":100},"default":[],)"
          R"("description":"Addresses and networks that may connect to listen, as 10.0.0.0/24"},)"
          R"("connect":{"type":"string","maxLength":300,"default":"",)"
          R"("description":"HOST:PORT of the PBX, where it waits to be connected to"},)"
          R"("tls":{"type":"boolean","default":false,"description":"Whether connect speaks TLS"},)"
          R"("file":{"type":"string","maxLength":4096,"default":"",)"
          R"("description":"The log file to follow, across rotation"},)"
          R"("serial":{"type":"string","maxLength":4096,"default":"",)"
          R"("description":"The device of a serial line, such as /dev/ttyUSB0"},)"
          R"("baud":{"enum":[300,600,1200,2400,4800,9600,19200,38400,57600,115200],"default":9600,)"
          R"("description":"Bits a second of the serial line"},)"
          R"("frame":{"enum":["8N1","8N2","8E1","8E2","8O1","8O2","7N1","7N2","7E1","7E2","7O1","7O2"],)"
          R"("default":"8N1","description":"Data bits, parity (none, even, odd) and stop bits of the serial line"},)"
          R"("flow":{"enum":["none","rtscts","xonxoff"],"default":"none",)"
          R"("description":"How the serial line makes the PBX wait"},)"
          R"("secrets":{"type":"object","secret":true,"additionalProperties":{"type":"string","maxLength":4096},)"
          R"("description":"Passwords that the layout asks for, by name"},)"
          R"("values":{"type":"object","additionalProperties":{"type":["string","array","object"]},)"
          R"("description":"Other settings that the layout asks for, by name"},)"
          R"("timezone":{"type":"string","maxLength":64,"default":"",)"
          R"("description":"Time zone of the PBX; empty: that of the config"},)"
          R"("region":{"type":"string","maxLength":2,"default":"",)"
          R"("description":"Country of numbers without one, as RU; empty: that of the config"}},)"
          R"("required":["layout"]})");
}

}  // namespace hookline
