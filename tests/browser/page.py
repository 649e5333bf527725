"""A page in headless Chromium, for the tests of the pages: opened from a file, without a network.

What the page writes to the console, what it asks for besides itself and what it opens are kept and
can be looked at; downloads land in a folder.
"""
import base64
import json
import os
import shutil
import sys
import tempfile
import time

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

FLAGS = (
    "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-sync "
    "--disable-background-networking --disable-component-update --disable-default-apps "
    "--disable-dev-shm-usage --hide-scrollbars --lang=ja"
).split()


class Page:
    def __init__(self, width=1280, height=900):
        self.folder = tempfile.mkdtemp(prefix="page-")
        self.downloads = os.path.join(self.folder, "downloads")
        os.mkdir(self.downloads)
        o = Options()
        o.binary_location = shutil.which("chromium") or "/usr/bin/chromium"
        for f in FLAGS:
            o.add_argument(f)
        o.add_argument("--user-data-dir=" + os.path.join(self.folder, "profile"))
        o.add_experimental_option(
            "prefs", {"download.default_directory": self.downloads, "download.prompt_for_download": False}
        )
        o.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
        self.driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=o)
        self.requests, self.console = [], []
        self.resize(width, height)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.driver.quit()
        shutil.rmtree(self.folder, ignore_errors=True)

    def resize(self, width, height=900):
        """The size of the page itself, exactly, also below what a window may be."""
        self.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False},
        )

    def open(self, path):
        self.url = "file://" + os.path.abspath(path)
        self.driver.get(self.url)

    def js(self, code, *args):
        return self.driver.execute_script(code, *args)

    def find(self, css):
        return self.driver.find_element("css selector", css)

    def all(self, css):
        return self.driver.find_elements("css selector", css)

    def overflow(self):
        """Pixels by which the page is wider than the window; 0 is good."""
        return self.js("return document.documentElement.scrollWidth - document.documentElement.clientWidth")

    def shot(self, path):
        """The whole page as a PNG."""
        got = self.driver.execute_cdp_cmd(
            "Page.captureScreenshot", {"format": "png", "captureBeyondViewport": True}
        )
        with open(path, "wb") as f:
            f.write(base64.b64decode(got["data"]))

    def pdf(self, path):
        got = self.driver.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True, "printBackground": True})
        with open(path, "wb") as f:
            f.write(base64.b64decode(got["data"]))

    def downloaded(self, n=1, seconds=20):
        """The files saved so far, in the order of their names, once there are n of them."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            names = sorted(f for f in os.listdir(self.downloads) if not f.endswith(".crdownload"))
            if len(names) >= n and len(names) == len(os.listdir(self.downloads)):
                return [os.path.join(self.downloads, f) for f in names]
            time.sleep(0.05)
        raise AssertionError("no download after %d s" % seconds)

    def problems(self):
        """What a self-contained page must not do: errors in the console, requests beyond itself."""
        for entry in self.driver.get_log("browser"):
            if entry["level"] in ("SEVERE", "WARNING"):
                self.console.append(entry["message"])
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                url = message["params"]["request"]["url"]
                if message["params"]["documentURL"].startswith(("chrome://", "chrome-untrusted://")):
                    continue  # the browser's own first tab
                if not url.startswith(("file://", "data:", "blob:")) or (
                    url.startswith("file://") and url.split("#")[0] != self.url
                ):
                    self.requests.append(url)
        return ["console: " + c for c in self.console] + ["request: " + r for r in self.requests]


class Tap:
    """Counts and prints results; done() ends with the plan and an exit status."""

    def __init__(self):
        self.n = self.failed = 0

    def ok(self, good, name, why=""):
        self.n += 1
        self.failed += not good
        print(("ok" if good else "not ok") + " %d - %s" % (self.n, name))
        if not good and why:
            for line in str(why).splitlines():
                print("# " + line)
        sys.stdout.flush()
        return good

    def same(self, got, want, name):
        return self.ok(got == want, name, "got  %r\nwant %r" % (got, want))

    def done(self):
        """The harness reads the lines; the status only says that the script came to its end."""
        print("1..%d" % self.n)
        return 0
