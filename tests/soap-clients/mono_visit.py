"""The visit of zeep_visit.py by a client of .NET: the proxy that Mono's `wsdl` makes from the server's WSDL.

Usage: mono_visit.py BINARY. The Web Connector is made of the same classes, those of .NET Framework.
"""

import base64
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

import zeep_visit

HERE = Path(__file__).resolve().parent
TOOLS = ("wsdl", "mcs", "mono")
# Operations that return one thing that is no text.
NUMBERS = ("receiveResponseXML",)


class Service:
    """The operations of the WSDL, each a line to the .NET program and a line back."""

    def __init__(self, caller: subprocess.Popen) -> None:
        self.caller = caller

    def __getattr__(self, operation: str):
        return lambda **arguments: self.call(operation, arguments)

    def call(self, operation: str, arguments: dict):
        words = [f"{name}:{base64.b64encode(str(value).encode()).decode()}" for name, value in arguments.items()]
        print(operation, *words, sep="\t", file=self.caller.stdin, flush=True)
        line = self.caller.stdout.readline()
        assert line, f"{operation}: the .NET client broke down"
        strings = [base64.b64decode(word).decode() for word in line.rstrip("\n").split("\t")]
        if operation == "authenticate":
            return strings
        return int(strings[0]) if operation in NUMBERS else strings[0]


@contextmanager
def service(url: str):
    with tempfile.TemporaryDirectory(prefix="bookferry-mono-") as folder:
        proxy, program = Path(folder) / "Proxy.cs", Path(folder) / "caller.exe"
        subprocess.run(["wsdl", f"-out:{proxy}", f"{url}?wsdl"], check=True, stdout=subprocess.DEVNULL)
        compile_both = ["mcs", "-r:System.Web.Services", "-r:System.Xml", f"-out:{program}", HERE / "Caller.cs", proxy]
        subprocess.run(compile_both, check=True)
        caller = subprocess.Popen(["mono", program, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        try:
            yield Service(caller)
        finally:
            caller.stdin.close()
            caller.wait(timeout=20)


if __name__ == "__main__":
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing:
        sys.exit(f"{', '.join(missing)}: not found. Debian has them in mono-devel.")
    zeep_visit.main("mono", service)
