// What a good plugin has. A hostile one has one of these otherwise, by a
// definition in CMakeLists.txt.
#pragma once

#ifndef PLUGIN_ID
#define PLUGIN_ID "test-plugin"
#endif
#ifndef PLUGIN_VERSION
#define PLUGIN_VERSION "1.0.0"
#endif
#ifndef NOTE_VERSION
#define NOTE_VERSION PLUGIN_VERSION
#endif
#ifndef NOTE_COUNT
#define NOTE_COUNT 1
#endif
#ifndef NOTE_MAGIC
#define NOTE_MAGIC HKL_NOTE_MAGIC
#endif
#ifndef ABI_MAJOR
#define ABI_MAJOR HKL_ABI_MAJOR
#endif
#ifndef REQUIRED_MINOR
#define REQUIRED_MINOR 0
#endif
#ifndef BUILT_MINOR
#define BUILT_MINOR HKL_ABI_MINOR
#endif
#define FOUR_TIMES(text) text text text text
#ifndef SUMMARY
#define SUMMARY "Does what its input says"
#endif
#ifndef NEEDS
#define NEEDS HKL_HOST_LOG_V1
#endif
#ifndef ENTRY_CONST
#define ENTRY_CONST const
#endif
#ifndef ENTRY_SIZE  // what struct_size says
#define ENTRY_SIZE sizeof(hkl_plugin)
#endif
#ifndef ENTRY_TAIL  // bytes that follow what is known
#define ENTRY_TAIL 0
#endif
#ifndef ADAPTER_SIZE
#define ADAPTER_SIZE sizeof(hkl_pbx_adapter)
#endif
#ifndef FEED
#define FEED feed
#endif
#ifndef DESTROY
#define DESTROY destroy
#endif
#ifndef ORIGINATE
#define ORIGINATE &kOriginate
#endif
#ifndef ALSO_OFFERS
#define ALSO_OFFERS HKL_PBX_ORIGINATE_V1
#endif
#ifndef UNKNOWN_INTERFACE  // what a question for it gets
#define UNKNOWN_INTERFACE nullptr
#endif
#ifndef EVENT_SIZE
#define EVENT_SIZE sizeof(hkl_call_event)
#endif
// How each step goes, see Way.
#ifndef IN_GET_INTERFACE
#define IN_GET_INTERFACE good
#endif
#ifndef IN_CREATE
#define IN_CREATE good
#endif
#ifndef IN_CONFIGURE
#define IN_CONFIGURE good
#endif
#ifndef IN_START
#define IN_START good
#endif
#ifndef IN_WORK
#define IN_WORK good
#endif
#ifndef IN_STOP
#define IN_STOP good
#endif
#ifndef IN_DESTROY
#define IN_DESTROY good
#endif
