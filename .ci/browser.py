"""Uses the page of `cargo tryton docs` as a person does: browser.py COMMAND [--pictures FOLDER]."""
import argparse
import base64
import json
import shutil
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "target" / "browser"
HOSTILE = "</script><script>window.hacked = 1</script><img src=x onerror='window.hacked = 1'><!--\u2028\u202e"
KEYS = {"down": "\ue015", "enter": "\ue007", "escape": "\ue00c"}
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"


class Browser:
    """Chromium, by the protocol WebDriver, for which nothing has to be installed but its driver."""

    def __init__(self, width=1280, height=860, dark=False):
        self.driver = subprocess.Popen(["chromedriver", "--port=0"], stdout=subprocess.PIPE, text=True)
        try:
            self.base = f"http://127.0.0.1:{self.port()}"
            arguments = ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", f"--window-size={width},{height}"]
            arguments += ["--enable-precise-memory-info"]
            arguments += ["--blink-settings=preferredColorScheme=0"] if dark else []
            options = {"args": arguments, "binary": shutil.which("chromium")}
            always = {"goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}
            opened = self.ask("POST", "/session", {"capabilities": {"alwaysMatch": always}})
            self.base += f"/session/{opened['sessionId']}"
        except BaseException:
            self.driver.kill()
            raise

    def port(self):
        for line in self.driver.stdout:
            if " on port " in line and line.rstrip().endswith("."):
                return int(line.rstrip(".\n").rsplit(" ", 1)[1])
        raise SystemExit("chromedriver ended")

    def ask(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise SystemExit(f"{method} {path}: {error.read().decode()}") from error

    def open(self, url):
        self.ask("POST", "/url", {"url": url})

    def run(self, script, *arguments):
        return self.ask("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def find(self, css):
        return self.ask("POST", "/element", {"using": "css selector", "value": css})[ELEMENT]

    def click(self, css):
        self.ask("POST", f"/element/{self.find(css)}/click", {})

    def type(self, text):
        """Presses keys, whatever has the focus."""
        presses = [{"type": kind, "value": key} for key in text for kind in ("keyDown", "keyUp")]
        self.ask("POST", "/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": presses}]})

    def texts(self, css):
        return self.run("return [...document.querySelectorAll(arguments[0])].map((e) => e.innerText)", css)

    def memory(self):
        """The megabytes of the script, and of the process that shows the page."""
        self.ask("POST", "/goog/cdp/execute", {"cmd": "HeapProfiler.collectGarbage", "params": {}})
        heap = self.run("return performance.memory.usedJSHeapSize") / 1e6
        return heap, max(map(megabytes, renderers(self.driver.pid)), default=0)

    def resize(self, width, height):
        self.ask("POST", "/window/rect", {"width": width, "height": height})

    def picture(self, file):
        file.write_bytes(base64.b64decode(self.ask("GET", "/screenshot")))

    def complaints(self):
        return [entry["message"] for entry in self.ask("POST", "/se/log", {"type": "browser"})]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self.ask("DELETE", "")
        finally:
            self.driver.terminate()
            self.driver.wait()


def renderers(ancestor):
    """The processes of a browser that show pages."""
    lists = Path(f"/proc/{ancestor}/task").glob("*/children")
    for child in " ".join(children.read_text() for children in lists).split():
        if b"--type=renderer" in Path(f"/proc/{child}/cmdline").read_bytes():
            yield child
        yield from renderers(child)


def megabytes(process):
    """What a process takes for itself, with its part of what it shares."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1000


def until(what, is_so):
    """Waits for what the browser does by itself."""
    end = time.monotonic() + 10
    while not is_so():
        if time.monotonic() > end:
            raise SystemExit(f"{what}: never")
        time.sleep(0.02)


def check(what, found, expected):
    if found != expected:
        raise SystemExit(f"{what}: {found!r} instead of {expected!r}")
    print(f"ok: {what}")


def page(command, folder, schema, settings=""):
    """Makes the page of a snapshot."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "tryton.toml").write_text(f"schema = {json.dumps(str(schema))}\n{settings}", encoding="utf-8")
    subprocess.run([command, "docs"], cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return folder / "target" / "tryton" / "index.html"


def hostile_snapshot(folder):
    """A model whose every word wants to be more than a word."""
    folder.mkdir(parents=True, exist_ok=True)
    server = {"format": 1, "series": HOSTILE, "language": HOSTILE, "modules": {HOSTILE: HOSTILE}}
    server |= {"user": {"login": "admin", "administrator": True}, "models": ["bad.model"], "other_models": [HOSTILE]}
    server |= {"reports": {HOSTILE: HOSTILE}}
    field = {"type": "selection", "label": HOSTILE, "help": HOSTILE, "selection": [[HOSTILE, HOSTILE]]}
    many2one = {"type": "many2one", "label": HOSTILE, "relation": HOSTILE}
    model = {"format": 1, "model": "bad.model", "label": HOSTILE, "fields": {HOSTILE: field, "to": many2one}}
    model |= {"buttons": {HOSTILE: {"label": HOSTILE}}, "reports": {HOSTILE: HOSTILE}, "wizards": {HOSTILE: HOSTILE}}
    (folder / "server.json").write_text(json.dumps(server), encoding="utf-8")
    (folder / "bad.model.json").write_text(json.dumps(model), encoding="utf-8")
    return folder


def measure(browser, file):
    paint, shown = browser.run("""
        const begins = (name) => performance.getEntriesByName(name)[0].startTime;
        return [begins("first-contentful-paint"), begins("shown")];""")
    size = file.stat().st_size / 1e6
    print(f"{size:.2f} MB, something shown after {paint:.0f} ms, all after {shown:.0f} ms")
    check("the page is small", size < 2, True)
    measure_memory(browser, "at first")


def measure_memory(browser, when):
    heap, process = browser.memory()
    print(f"memory {when}: {heap:.0f} MB for the script, {process:.0f} MB for its process")
    check("the page takes little memory", heap < 64, True)


def all_models(browser, url):
    browser.open(url)
    until("the list", lambda: browser.texts(".row"))
    check("all models are listed", browser.texts("#count"), ["809 models"])
    rows = len(browser.texts(".row"))
    check("only what can be seen is rendered", rows < 40, True)
    browser.run("document.getElementById('scroller').scrollTop = 1e9")
    until("the end of the list", lambda: any("web.user" in row for row in browser.texts(".row")))


def first_row(browser):
    return next(iter(browser.texts(".row")), "")


def search_and_open(browser):
    browser.type("/sale line")
    until("a search", lambda: first_row(browser).endswith("SaleLine · sale.line"))
    browser.type(KEYS["escape"] + "SaleLine::F.type")
    until("a field", lambda: first_row(browser).startswith("SaleLine::F.r#type"))
    print("ok: models and fields are found while one types")
    browser.type(KEYS["enter"])
    until("the field", lambda: browser.texts("h1") == ["SaleLine"])
    check("Enter opens the field", browser.run("return location.hash"), "#sale.line/type")
    check("its values have their names", "SaleLineType::Line" in browser.texts(".here")[0], True)
    check("reading goes on there", browser.run("return document.activeElement.className"), "here")
    browser.click("main a[href='#sale.sale']")
    until("a relation", lambda: browser.texts("h1") == ["Sale"])
    line = browser.texts("main > .line code")
    check("a line to copy", line, ["Sale::search().limit(20).records(&tryton).await?"])
    browser.click("main > .line button")
    until("a copy", lambda: browser.texts("main > .line button") == ["Copied"])
    buttons = browser.texts("section[aria-label=Buttons] .line code")
    check("buttons", "Sale::quote(&tryton, &[id]).await?" in buttons, True)
    users = browser.texts("section[aria-label='Used by'] a")
    check("what leads to it", "SaleLine" in users, True)
    browser.run("history.back()")
    until("the way back", lambda: browser.texts("h1") == ["SaleLine"])


def arrows(browser):
    browser.type("/party" + KEYS["down"] * 30)
    chosen = browser.run("return document.querySelector('[aria-selected=true]').getAttribute('aria-posinset')")
    check("arrows choose a row, beyond what was visible", chosen, "31")
    named = browser.run("return document.getElementById('search').getAttribute('aria-activedescendant')")
    check("and name it", named, "row-30")
    browser.click(".row[aria-posinset='29']")
    until("a click", lambda: browser.run("return location.hash") not in ("", "#sale.line/type"))
    print("ok: a click opens a row")


def filters(browser):
    browser.type("/" + KEYS["escape"])
    browser.run("""
        const pattern = document.getElementById("pattern");
        pattern.value = "party.*";
        pattern.dispatchEvent(new Event("change"));""")
    rows = browser.texts(".row")
    check("models by a pattern", all(" · party." in row for row in rows) and len(rows) > 5, True)
    browser.click("#selected")
    rows = browser.texts(".row")
    check("what is selected", [row.split("\n")[1] for row in rows], ["Party · party.party"])


def unselected(browser, url):
    browser.open(url + "#sale.sale")
    words = browser.texts(".notice")
    said = 'Your program does not have it: set models = ["party.party", "sale.sale"] in tryton.toml.'
    check("how to select a model", words, [said])


def small_screen(browser, url):
    visible = "return ['aside', 'main'].filter((name) => document.querySelector(name).offsetHeight)"
    browser.resize(500, 860)
    browser.open(url + "#party.party")
    check("a small screen shows the model alone", browser.run(visible), ["main"])
    browser.click(".back")
    check("then the list", browser.run(visible), ["aside"])
    browser.click(".row.open")
    check("and the same model again", browser.run(visible), ["main"])
    is_wide = browser.run("return document.documentElement.scrollWidth > innerWidth")
    check("nothing is wider than the screen", is_wide, False)
    browser.resize(1280, 860)


def hostile(browser, url):
    browser.open(url)
    browser.type("/bad" + KEYS["enter"])
    until("the model", lambda: browser.run("return location.hash") == "#bad.model")
    for view in ("", "#bad.model", "#" + "%3C" * 3, "#%"):
        browser.open(url + view)
        found = browser.run("return [window.hacked ?? 0, document.querySelectorAll('img, main script').length]")
        check(f"hostile words stay words at `{view}`", found, [0, 0])
    browser.open(url + "#bad.model")
    is_shown = browser.run("return document.querySelector('main').textContent.includes('</script><script>')")
    check("they are shown", is_shown, True)


def use(command, pictures):
    shutil.rmtree(WORK, ignore_errors=True)
    settings = 'models = ["party.party"]\n'
    file = page(command, WORK / "all", ROOT / "schemas" / "8.2", settings)
    bad = page(command, WORK / "hostile", hostile_snapshot(WORK / "hostile" / "schema"))
    with Browser() as browser:
        all_models(browser, file.as_uri())
        measure(browser, file)
        search_and_open(browser)
        arrows(browser)
        filters(browser)
        unselected(browser, file.as_uri())
        measure_memory(browser, "after use")
        small_screen(browser, file.as_uri())
        hostile(browser, bad.as_uri())
        check("no complaint in the console", browser.complaints(), [])
        browser.run("setTimeout(() => { throw new Error('heard') })")
        until("a complaint that is heard", lambda: any("heard" in said for said in browser.complaints()))
    if pictures:
        take(Browser(1280, 860), file.as_uri(), pictures, "light")
        take(Browser(1280, 860, dark=True), file.as_uri(), pictures, "dark")
        take(Browser(500, 860), file.as_uri(), pictures, "phone")


def take(browser, url, folder, name):
    """Pictures to look at."""
    folder.mkdir(parents=True, exist_ok=True)
    with browser:
        for view, address in {"home": "", "model": "#party.party", "field": "#sale.sale/state"}.items():
            browser.open(url + address)
            browser.picture(folder / f"{name}-{view}.png")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("command")
    parser.add_argument("--pictures", type=Path)
    given = parser.parse_args()
    use(Path(given.command).resolve(), given.pictures)
    sys.stdout.flush()
