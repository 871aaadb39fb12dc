<?php
// A CRM in PHP, by FFI: tells of a missed call, gets the task by callback,
// prints a report. PHP cannot be entered from another thread, so callbacks
// come inside hkl_pump() alone.
//   php -d ffi.enable=1 crm.php hookline.yaml /opt/hookline/lib/libhookline.so
[, $config, $library] = $argv;
$hkl = FFI::cdef(<<<'C'
typedef uint32_t hkl_status;
typedef struct { const char *ptr; uint64_t len; } hkl_str;
typedef struct { uint32_t struct_size; uint32_t status; int32_t vendor_code; uint32_t text_len; char text[1024]; } hkl_error;
typedef struct { uint32_t struct_size, entity; hkl_str id, key, json; uint32_t attempt, reserved; } hkl_delivery;
typedef struct { uint32_t struct_size, id_len; char id[256]; } hkl_delivery_answer;
typedef struct { uint32_t struct_size, reserved; void *user;
  hkl_status (*deliver)(void *, const hkl_delivery *, hkl_delivery_answer *);
  void (*changed)(void *, uint32_t, hkl_str); void (*log)(void *, uint32_t, hkl_str); } hkl_callbacks;
typedef struct { uint32_t struct_size, flags; const char *config_path; const char *unused[3]; int64_t now_ms;
  hkl_callbacks callbacks; const char *listen; } hkl_options;
typedef struct { uint32_t struct_size, reserved; void *user; hkl_status (*write)(void *, hkl_str); } hkl_writer;
typedef struct { uint32_t struct_size, reserved; const char *report; const char *format; const char *from; const char *to;
  const char *const *settings; uint64_t setting_count; const char *where; const char *drill;
  const char *sort; const char *compare; } hkl_report_query;
hkl_status hkl_create(const hkl_options *, void **, hkl_error *);
hkl_status hkl_start(void *, hkl_error *);
void hkl_destroy(void *);
hkl_status hkl_pump(void *, int64_t, uint64_t *, hkl_error *);
hkl_status hkl_submit_records(void *, hkl_str, const hkl_writer *, void *, hkl_error *);
hkl_status hkl_run_report(void *, const hkl_report_query *, const hkl_writer *, hkl_error *);
C, $library);

// Every struct begins with its size; the rest is zero.
function sized(FFI $hkl, string $type): FFI\CData {
    $made = $hkl->new($type);
    $made->struct_size = FFI::sizeof($made);
    return $made;
}
// A text that lives as long as the program, as C has it.
function text(string $text): FFI\CData {
    static $kept = [];
    $made = FFI::new('char[' . (strlen($text) + 1) . ']', false);
    FFI::memcpy($made, $text, strlen($text));
    return $kept[] = FFI::cast('char *', $made);
}
function check(int $status, FFI\CData $err): void {
    if ($status !== 0) exit(FFI::string($err->text) . "\n");
}

$err = sized($hkl, 'hkl_error');
$options = sized($hkl, 'hkl_options');
$options->flags = 1;  // HKL_OPTION_PUMP
$options->config_path = text($config);
$options->callbacks->struct_size = FFI::sizeof($options->callbacks);
$has_task = false;
$options->callbacks->deliver = function ($user, $delivery, $answer) use (&$has_task) {
    if ($delivery->entity === 3) {  // HKL_ENTITY_TASK
        echo 'task ', FFI::string($delivery->json->ptr, $delivery->json->len), "\n";
        $has_task = true;
    }
    return 0;
};
$out = sized($hkl, 'hkl_writer');
$out->write = function ($user, $bytes) { echo FFI::string($bytes->ptr, $bytes->len); return 0; };
$rt = FFI::new('void *');
check($hkl->hkl_create(FFI::addr($options), FFI::addr($rt), FFI::addr($err)), $err);
check($hkl->hkl_start($rt, FFI::addr($err)), $err);

$at = ['started_at' => '2026-03-02T09:00:00Z', 'ended_at' => '2026-03-02T09:00:20Z'];
$call = json_encode(['type' => 'call', 'id' => 'canonical:1', 'source' => 'canonical', 'direction' => 'in', 'client_number' => '+12125550148',
    'finish_reason' => 'client_hung_up', 'legs' => [['kind' => 'employee', 'extension' => '101', 'outcome' => 'cancelled'] + $at]] + $at);
$record = $hkl->new('hkl_str');
[$record->ptr, $record->len] = [text($call), strlen($call)];
check($hkl->hkl_submit_records($rt, $record, FFI::addr($out), null, FFI::addr($err)), $err);
while (!$has_task) check($hkl->hkl_pump($rt, 1000, null, FFI::addr($err)), $err);

$query = sized($hkl, 'hkl_report_query');
[$query->report, $query->format] = [text('calls-by-manager'), text('table')];
[$query->from, $query->to] = [text('2026-03-02'), text('2026-03-02')];
check($hkl->hkl_run_report($rt, FFI::addr($query), FFI::addr($out), FFI::addr($err)), $err);
$hkl->hkl_destroy($rt);
