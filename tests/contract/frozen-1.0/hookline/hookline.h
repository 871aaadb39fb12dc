/* Hookline: for a CRM that embeds the library. Link with libhookline.so. */
#ifndef HOOKLINE_HOOKLINE_H
#define HOOKLINE_HOOKLINE_H
#include "runtime.h"
#endif
