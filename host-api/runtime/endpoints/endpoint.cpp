#include "endpoints/endpoint.h"

#include <fmt/format.h>

#include "endpoints/file_endpoint.h"
#include "endpoints/hook_route.h"
#include "endpoints/poll_endpoint.h"
#include "endpoints/rows_endpoint.h"
#include "endpoints/serial_endpoint.h"
#include "endpoints/tcp_client.h"
#include "endpoints/tcp_server.h"

namespace hkl {

Result<std::unique_ptr<Endpoint>> make_endpoint(const EndpointWish& wish, SourceDesk& desk) {
  switch (wish.kind) {
    case HKL_ENDPOINT_TCP_CLIENT:
      return TcpClient::make(wish, desk);
    case HKL_ENDPOINT_FILE:
      return std::make_unique<FileEndpoint>(wish, desk);
    case HKL_ENDPOINT_TCP_SERVER:
      return TcpServer::make(wish, desk);
    case HKL_ENDPOINT_HTTP_ROUTE:
      return std::make_unique<HookRoute>(desk);
    case HKL_ENDPOINT_HTTP_POLL:
      return PollEndpoint::make(wish, desk);
    case HKL_ENDPOINT_ROWS:
      return RowsEndpoint::make(wish, desk);
    case HKL_ENDPOINT_SERIAL:
      return SerialEndpoint::make(wish, desk);
    default:
      return fail(HKL_UNSUPPORTED, fmt::format("its plugin asks for an endpoint of the unknown kind {}", wish.kind));
  }
}

}  // namespace hkl
