"""A real Keystone on loopback with storage of its own: serveKeystone.py FOLDER AUDIT_URL SECONDS

Its first line of output is its address. Tokens live for SECONDS; the catalog names AUDIT_URL. Ends with standard input.
"""

import os
import sqlite3
import sys
import threading
from base64 import urlsafe_b64encode
from wsgiref.simple_server import WSGIRequestHandler, make_server

folder, audit_url, seconds = sys.argv[1:]
sys.argv[1:] = []
keys = {name: os.path.join(folder, name) for name in ("fernet_tokens", "fernet_receipts", "credential")}
for path in keys.values():
    os.mkdir(path, 0o700)
    for number in ("0", "1"):
        with open(os.open(os.path.join(path, number), os.O_CREAT | os.O_WRONLY, 0o600), "wb") as file:
            file.write(urlsafe_b64encode(os.urandom(32)))

database = os.path.join(folder, "keystone.db")
config = os.path.join(folder, "keystone.conf")
with open(config, "w") as file:
    file.write(f"[DEFAULT]\nlog_file = {folder}/keystone.log\n[database]\nconnection = sqlite:///{database}\n")
    file.write(f"[token]\nexpiration = {seconds}\n[identity]\npassword_hash_rounds = 4\n")
    file.write("[auth]\nmethods = password,token,application_credential,totp\n")
    for name, path in keys.items():
        file.write(f"[{name}]\nkey_repository = {path}\n")

import keystone.server
from keystone.cmd.bootstrap import Bootstrapper
from keystone.common.sql import upgrades
from keystone.server.flask import core


class Quiet(WSGIRequestHandler):
    def log_message(self, *args):
        pass


# The address must be known before there is anything to serve.
server = make_server("127.0.0.1", 0, None, handler_class=Quiet)
url = f"http://127.0.0.1:{server.server_port}/v3/"
keystone.server.configure(config_files=[config])
upgrades.offline_sync_database_to_version()

bootstrapper = Bootstrapper()
bootstrapper.admin_username = bootstrapper.admin_password = bootstrapper.project_name = "admin"
bootstrapper.admin_role_name = "admin"
bootstrapper.service_name = "keystone"
bootstrapper.region_id = "RegionOne"
bootstrapper.public_url = bootstrapper.internal_url = bootstrapper.admin_url = url
bootstrapper.bootstrap()

# Straight into the database: services made over the API leave SQLite locked.
with sqlite3.connect(database) as connection:
    connection.execute("pragma journal_mode = wal")
    for kind, name, address in (
        ("audit", "Audit", audit_url + "/auditlogs/v1/%(project_id)s"),
        ("compute", "nova", audit_url + "/v2.1"),
    ):
        service = (kind, kind, f'{{"name":"{name}"}}')
        connection.execute("insert into service(id, type, extra, enabled) values(?, ?, ?, 1)", service)
        connection.execute(
            "insert into endpoint(id, interface, service_id, url, extra, enabled, region_id)"
            " values(?, 'public', ?, ?, '{}', 1, 'RegionOne')",
            (kind, kind, address),
        )

server.set_app(core.setup_app_middleware(core.application.application_factory("public")))
print(url, flush=True)
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
server.serve_forever()
