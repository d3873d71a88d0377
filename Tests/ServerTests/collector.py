"""Takes traces as a collector of OpenTelemetry does, and envelopes as Sentry does, by the parsers of those who define both.

Writes its port, then one line of JSON for each request: what was in it, or why it is none. With arguments, its first answers have
these statuses.
"""

import base64
import http.server
import json
import queue
import sys
import threading

from google.protobuf import json_format
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from sentry_sdk.envelope import Envelope

statuses = [int(status) for status in sys.argv[1:]]
# Whoever reads the lines may do so later: nobody who sends waits for that.
lines = queue.SimpleQueue()


def write_lines():
    while True:
        sys.stdout.write(lines.get() + "\n")
        sys.stdout.flush()


def with_bytes(value):
    """OTLP says ids in hexadecimal digits, where protobuf's own JSON has base64."""
    if isinstance(value, list):
        return [with_bytes(item) for item in value]
    if not isinstance(value, dict):
        return value
    ids = {"traceId": 16, "spanId": 8, "parentSpanId": 8}
    result = {}
    for key, item in value.items():
        if key in ids:
            raw = bytes.fromhex(item)
            if len(raw) != ids[key]:
                raise ValueError(f"{key} has {len(raw)} bytes")
            result[key] = base64.b64encode(raw).decode()
        else:
            result[key] = with_bytes(item)
    return result


def attributes(of):
    return {a.key: getattr(a.value, a.value.WhichOneof("value")) for a in of}


def traces(body):
    # Fields that the definition does not have are refused.
    request = json_format.Parse(json.dumps(with_bytes(json.loads(body))), ExportTraceServiceRequest())
    spans = []
    for resource in request.resource_spans:
        for scope in resource.scope_spans:
            for span in scope.spans:
                spans.append({
                    "trace": span.trace_id.hex(), "id": span.span_id.hex(), "parent": span.parent_span_id.hex(),
                    "name": span.name, "kind": span.kind, "start": span.start_time_unix_nano,
                    "end": span.end_time_unix_nano, "status": span.status.code,
                    "attributes": attributes(span.attributes), "scope": scope.scope.name,
                    "resource": attributes(resource.resource.attributes),
                })
    return {"spans": spans}


def envelope(body):
    parsed = Envelope.deserialize(body)
    event = parsed.get_event()
    return {"event": event, "items": len(parsed.items), "header": parsed.headers}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        status = statuses.pop(0) if statuses else 200
        try:
            found = traces(body) if self.path.endswith("/v1/traces") else envelope(body)
        except Exception as error:
            found = {"fault": f"{type(error).__name__}: {error}", "body": body.decode(errors="replace")}
            status = 400
        found |= {"path": self.path, "fields": {k.lower(): v for k, v in self.headers.items()}, "status": status}
        lines.put(json.dumps(found))
        self.send_response(status)
        if status == 429:
            self.send_header("retry-after", "30")
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *arguments):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
lines.put(str(server.server_address[1]))
threading.Thread(target=write_lines, daemon=True).start()
server.serve_forever()
