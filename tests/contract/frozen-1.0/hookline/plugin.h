/* Hookline: what makes a shared object a plugin.
 *
 * A plugin file has two things the host looks at:
 *
 *   1. a note, section ".note.hookline", read from the file before anything in
 *      it runs: versions and a manifest in JSON (HKL_PLUGIN_NOTE);
 *   2. one exported symbol, the constant data object `hookline_plugin_v1`.
 *
 * Note and object must agree. Everything else in the file is hidden, and
 * nothing may run, print, open or start when the file is opened.
 *
 * The manifest is one JSON object:
 *   id          "smdr" (plain words are Hookline's own) or "com.example.smdr"
 *   version     "1.4.0"          author, licence, summary: one line each
 *   interfaces  offered, e.g. ["hookline.pbx-adapter/1"]
 *   needs       host interfaces it cannot do without, e.g. ["hookline.host.phone/1"]
 *   flags       ["active"] for a plugin that must own threads or sockets; it is
 *               loaded only in a process of its own
 *   settings    JSON Schema of its settings: an object schema in which each
 *               property has type, description and, unless required, default;
 *               "secret": true hides a value from every log
 *
 * Life of an instance, in this order; a failed step is followed by destroy and
 * nothing else:
 *
 *   create -> configure -> start -> (work of its kind) -> stop -> destroy
 *
 * One file serves many instances at once, in hosts that may be several in one
 * process, so state lives behind the instance and never in statics.
 *
 * Tags on functions say from where they may be called:
 *   [any]       from any thread, several at once
 *   [instance]  by one thread at a time per instance, not always the same one
 *   [in-call]   a host function that is valid only during a call of the host
 * and in which state: [instance & started] is between start and stop.
 */
#ifndef HOOKLINE_PLUGIN_H
#define HOOKLINE_PLUGIN_H

#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Opaque; made by the plugin, one for each entry in the YAML. */
typedef struct hkl_instance hkl_instance;

/* The host as a plugin sees it. Valid from create to destroy.
 * [any] for get_interface; each interface states its own. */
typedef struct hkl_host hkl_host;
struct hkl_host {
  uint32_t struct_size;
  uint32_t abi_minor; /* of the host; the major is in the symbol's name */
  void *self;         /* the host's own; do not touch */
  hkl_str version;    /* "1.0.0", for messages only */
  /* A service such as "hookline.host.log/1" (host.h), or NULL where this host
   * has none. An id that is not known exactly is not offered. */
  const void *(*get_interface)(const hkl_host *host, hkl_str id);
  /* --- 1.0 ends here --- */
};

/* The steps that every instance has, whatever its kind.
 * Offered as "hookline.life/1". All members are required. */
#define HKL_LIFE_V1 "hookline.life/1"
typedef struct hkl_life {
  uint32_t struct_size;
  uint32_t reserved;

  /* Make an instance that will serve `interface_id`. Cheap: no I/O, no thread.
   * On failure *out_instance stays NULL and nothing is to be destroyed.
   * HKL_NOT_FOUND: this plugin does not offer that interface.
   * [any]  Since 1.0. */
  hkl_status (*create)(hkl_str interface_id, const hkl_host *host, hkl_instance **out_instance, hkl_error *err);

  /* Take the settings: one JSON object that satisfies the manifest's schema,
   * defaults filled in, secrets resolved, files named by a setting replaced by
   * their content. Once per instance. HKL_BAD_SETTINGS with a sentence refuses
   * a combination that the schema cannot express.
   * [instance]  Since 1.0. */
  hkl_status (*configure)(hkl_instance *self, hkl_str settings_json, hkl_error *err);

  /* Work may begin. [instance]  Since 1.0. */
  hkl_status (*start)(hkl_instance *self, hkl_error *err);

  /* No work comes after this; nothing of the instance may call the host again.
   * HKL_INVALID when it is not started. [instance & started]  Since 1.0. */
  hkl_status (*stop)(hkl_instance *self, hkl_error *err);

  /* Free everything. Accepted in every state. [instance]  Since 1.0. */
  void (*destroy)(hkl_instance *self);
  /* --- 1.0 ends here --- */
} hkl_life;

/* The one exported object. Constant, in memory that is read-only once loaded. */
typedef struct hkl_plugin {
  uint32_t struct_size;
  uint32_t required_minor; /* the oldest host minor it can live with */
  uint32_t built_minor;    /* HKL_ABI_MINOR of the headers it was built with */
  uint32_t reserved;
  hkl_str id; /* these five as in the manifest, byte for byte */
  hkl_str version;
  hkl_str author;
  hkl_str licence;
  hkl_str summary;
  /* The function table for "hookline.life/1" or a kind such as
   * "hookline.pbx-adapter/1"; NULL for any other id, an empty one, or a known
   * one with something behind it. The table lives as long as the file is
   * mapped, which is until the process ends. [any]  Since 1.0. */
  const void *(*get_interface)(hkl_str id);
  /* --- 1.0 ends here --- */
} hkl_plugin;

#define HKL_PLUGIN_SYMBOL "hookline_plugin_v1"
#if defined(__GNUC__)
extern HKL_PUBLIC const hkl_plugin hookline_plugin_v1;
#endif

/* --- The note ------------------------------------------------------------- */
#define HKL_NOTE_SECTION ".note.hookline"
#define HKL_NOTE_NAME "Hookline" /* with its ending zero: 9 bytes, padded to 12 */
#define HKL_NOTE_TYPE UINT32_C(1)
#define HKL_NOTE_MAGIC UINT32_C(0x314c4b48) /* "HKL1" */

/* An ELF note: head, name, then the description, which is the last five
 * members. Sizes count what follows them without padding. */
#define HKL_NOTE_STRUCT(manifest_bytes)          \
  struct {                                       \
    uint32_t name_size;                          \
    uint32_t desc_size;                          \
    uint32_t note_type;                          \
    char note_name[12];                          \
    uint32_t magic;                              \
    uint32_t abi_major;                          \
    uint32_t required_minor;                     \
    uint32_t built_minor;                        \
    char manifest[((manifest_bytes) + 3) & ~3u]; \
  }

/* For C: HKL_PLUGIN_NOTE(0, "{\"id\": \"com.example.x\", …}") once in the file
 * that defines hookline_plugin_v1. The C++ SDK makes it from the class. */
#if defined(__GNUC__)
#define HKL_PLUGIN_NOTE(required_minor_, manifest_literal)                                                            \
  __attribute__((section(HKL_NOTE_SECTION), aligned(4), used)) static const HKL_NOTE_STRUCT(sizeof(manifest_literal)) \
      hkl_plugin_note = {sizeof(HKL_NOTE_NAME), 16 + (uint32_t)sizeof(manifest_literal),                              \
                         HKL_NOTE_TYPE,         HKL_NOTE_NAME,                                                        \
                         HKL_NOTE_MAGIC,        HKL_ABI_MAJOR,                                                        \
                         (required_minor_),     HKL_ABI_MINOR,                                                        \
                         manifest_literal}
#endif

#ifdef __cplusplus
}
#endif

#endif
