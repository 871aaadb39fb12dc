// A sound for the demo's recordings: two voices that speak in turn, of no words.
#pragma once

#include <string>

namespace crm {

// A WAV file: 8 kHz, 8 bits, mono.
std::string voices_wav(int seconds);

}  // namespace crm
