"""Checks the links and anchors between the pages of a folder of HTML: links.py FOLDER."""
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit


class Page(HTMLParser):
    """The anchors of a page, and where it leads."""

    def __init__(self, path):
        super().__init__()
        self.anchors, self.links = {""}, []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            if name == "id" and value:
                self.anchors.add(value)
            elif name in ("href", "src") and value and tag in ("a", "img", "link", "script"):
                self.links.append(value)


folder = Path(sys.argv[1])
# One page repeats all others, and the page of an error may be shown at any address.
pages = {path.resolve(): Page(path) for path in folder.rglob("*.html") if path.name not in ("print.html", "404.html")}
broken = []
for path, page in pages.items():
    for link in page.links:
        url = urlsplit(link)
        if url.scheme or url.netloc:
            continue
        target = (path.parent / unquote(url.path)).resolve() if url.path else path
        anchors = pages[target].anchors if target in pages else {""}
        if not target.exists() or unquote(url.fragment) not in anchors:
            broken.append(f"{path.name}: {link}")
print("\n".join(broken) or f"{len(pages)} pages, {sum(len(page.links) for page in pages.values())} links")
sys.exit(bool(broken))
