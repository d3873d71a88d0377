"""A bucket of moto's, which speaks as S3 does: s3_server.py BUCKET. Writes one line of JSON when it is there."""
import json
import sys
import threading
import urllib.request

from moto.server import ThreadedMotoServer

server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
server.start()
host, port = server.get_host_and_port()
urllib.request.urlopen(urllib.request.Request(f"http://{host}:{port}/{sys.argv[1]}", method="PUT")).close()
print(json.dumps({"url": f"http://{host}:{port}"}), flush=True)
threading.Event().wait()
