#!/usr/bin/env python3
"""What uploads and downloads take of the server's memory, and how fast they are: Benchmarks/files.py [BINARY]

Starts the server (.build/release/Server, or BINARY) with a database of its own in a temporary folder, sends files of
25 MiB by both ways, 16 at a time, reads them again, and prints a table for docs/benchmarks/files.md. Needs python3 alone.
"""
import hashlib
import http.client
import json
import sys
import threading
import time
import urllib.parse

from product_server import ProductServer

SIZE = 25 << 20
AT_ONCE = 16
BOUNDARY = "a-boundary-of-benchmarks"


def ask(port, query, variables, token=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    headers = {"content-type": "application/json"}
    if token:
        headers["authorization"] = "Bearer " + token
    connection.request("POST", "/graphql", json.dumps({"query": query, "variables": variables}), headers)
    answer = json.loads(connection.getresponse().read())
    if "errors" in answer:
        sys.exit(str(answer["errors"]))
    return answer["data"]


def register(port, email):
    account = {"email": email, "displayName": "A", "password": "correct horse battery"}
    query = "mutation ($in: AccountRegisterInput!) { accountRegister(input: $in) { tokens { accessToken } } }"
    return ask(port, query, {"in": account})["accountRegister"]["tokens"]["accessToken"]


def by_form(port, token, content):
    query = "mutation ($f: Upload!) { fileUpload(file: $f, purpose: ATTACHMENT) { file { url } userErrors { code } } }"
    operations = json.dumps({"query": query, "variables": {"f": None}})
    head = "".join(
        f'--{BOUNDARY}\r\ncontent-disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in (("operations", operations), ("map", '{"0":["variables.f"]}'))
    ) + f'--{BOUNDARY}\r\ncontent-disposition: form-data; name="0"; filename="a.txt"\r\n\r\n'
    tail = f"\r\n--{BOUNDARY}--\r\n"
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    connection.putrequest("POST", "/graphql")
    for name, value in (
        ("content-type", "multipart/form-data; boundary=" + BOUNDARY), ("graphql-require-preflight", "1"),
        ("authorization", "Bearer " + token), ("content-length", str(len(head) + len(content) + len(tail))),
    ):
        connection.putheader(name, value)
    connection.endheaders(head.encode())
    connection.send(content)
    connection.send(tail.encode())
    answer = json.loads(connection.getresponse().read())
    return answer["data"]["fileUpload"]["file"]["url"]


def by_address(port, token, content):
    start = """mutation ($in: FileUploadStartInput!) { fileUploadStart(input: $in) {
        ticket { url file { id } } userErrors { code } } }"""
    given = {"filename": "a.txt", "byteSize": str(len(content)), "purpose": "ATTACHMENT"}
    ticket = ask(port, start, {"in": given}, token)["fileUploadStart"]["ticket"]
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    connection.request("PUT", target(ticket["url"]), content, {"content-length": str(len(content))})
    if connection.getresponse().status != 204:
        sys.exit("an upload was refused")
    complete = "mutation ($id: ID!) { fileUploadComplete(fileId: $id) { file { url } userErrors { code } } }"
    return ask(port, complete, {"id": ticket["file"]["id"]}, token)["fileUploadComplete"]["file"]["url"]


def target(url):
    parts = urllib.parse.urlsplit(url)
    return parts.path + "?" + parts.query


def fetch(port, url, digest):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    connection.request("GET", target(url))
    answer, found = connection.getresponse(), hashlib.sha256()
    while piece := answer.read(1 << 16):
        found.update(piece)
    if found.digest() != digest:
        sys.exit("a file came back changed")


def memory(process, name):
    with open(f"/proc/{process.pid}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith(name)) << 10


def measured(process, works):
    """Runs the works at once: seconds, and by how much the server's memory grew at its peak."""
    with open(f"/proc/{process.pid}/clear_refs", "w") as clear:
        clear.write("5")
    before, begin, results = memory(process, "VmRSS"), time.monotonic(), [None] * len(works)

    def run(place):
        results[place] = works[place]()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.monotonic() - begin, memory(process, "VmHWM") - before, results


def main():
    binary = sys.argv[1] if len(sys.argv) > 1 else ".build/release/Server"
    server = ProductServer(binary, ATRIUM_FILES_MEGABYTES_PER_USER="100000", ATRIUM_FILE_UPLOADS_PER_MINUTE="1000000")
    process, port = server.process, server.port
    try:
        # One person sends four files at a time.
        tokens = [register(port, f"{number}@example.org") for number in range(AT_ONCE // 4)]
        content = b"".join(b"%015d\n" % number for number in range(SIZE // 16))
        digest, urls = hashlib.sha256(content).digest(), []
        print("| 25 MiB | at a time | memory, each | MiB/s |\n|---|---|---|---|")
        for name, way in (("multipart request", by_form), ("PUT to an address", by_address)):
            urls = [way(port, tokens[0], content)]
            for count in (1, AT_ONCE):
                seconds, grown, made = measured(process, [
                    lambda token=tokens[place % len(tokens)]: way(port, token, content) for place in range(count)
                ])
                urls += made
                print(f"| {name} | {count} | {grown / count / 1024:.0f} KiB | {count * SIZE / seconds / 2**20:.0f} |")
        for count in (1, AT_ONCE):
            works = [lambda url=url: fetch(port, url, digest) for url in urls[-count:]]
            seconds, grown, _ = measured(process, works)
            print(f"| download | {count} | {grown / count / 1024:.0f} KiB | {count * SIZE / seconds / 2**20:.0f} |")
    finally:
        server.stop()


main()
