"""The server's pages as people use them: by mouse and by keyboard, on a wide screen and a narrow one, light and dark.

Any error of a script, any message of the console and any violation of the pages' security policy fails the check that it comes in.
"""

import json
import os
import re
import urllib.error
import urllib.parse
import urllib.request

import axe_playwright_python
from playwright.sync_api import expect, sync_playwright

from checks import check, equal, run

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
ADMIN = "/api/2.1/opensharing/provider"
# A machine with much to do is slow; nothing here measures time.
PATIENCE = 20_000
WIDE = {"width": 1200, "height": 800}
NARROW = {"width": 360, "height": 740}
# No name has a slash.
NAME = '<img src=x onerror="window.canary=1">'
MARKUP = "<img src=x onerror=\"window.canary=1\"><script>window.canary=1</script>"
REFUSED = re.compile(r"Failed to load resource: the server responded with a status of (\d+)")
ORDERS = "order_id,customer,amount,day,note\n" + "".join(
    f"{i},customer {i % 7},{i * 1.25:.2f},2024-{i % 12 + 1:02d}-{i % 28 + 1:02d},{'express' if i % 5 else ''}\n" for i in range(1, 201)
)
VIEWS = ["/", "/shares", "/shares/shop", "/recipients", "/recipients/acme", "/principals", "/publications", "/publish", "/usage", "/audit"]


BEFORE_PICTURE = r"""() => {
  window.restored = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    const text = node.data;
    const shown = text.replace(/file:\/\/\/\S*?\/data\//, 'file:///srv/sharing/');
    if (shown !== text) {
      const at = node;
      at.data = shown;
      window.restored.push(() => { at.data = text; });
    }
  }
  for (const input of document.querySelectorAll('input')) {
    const value = input.value;
    const shown = value.replace(/^.*\/activation\/.*$/, 'https://sharing.example.com/api/2.1/opensharing/activation/…');
    if (shown !== value) {
      input.value = shown;
      window.restored.push(() => { input.value = value; });
    }
  }
}"""


class Pages:
    """A browser, a signed-in principal, and the admin API to prepare what pages show."""

    def __init__(self, arguments):
        self.origin = re.match(r"https?://[^/]+", arguments.server).group()
        self.endpoint = arguments.server
        self.scratch = arguments.scratch
        self.pictures = arguments.pictures
        with open(arguments.token_file, encoding="utf-8") as file:
            self.token = file.read().strip()
        expect.set_options(timeout=PATIENCE)
        self.playwright = sync_playwright().start()
        self.browser = self.playwright.chromium.launch(executable_path=arguments.browser, args=FLAGS)
        with open(f"{os.path.dirname(axe_playwright_python.__file__)}/axe.min.js", encoding="utf-8") as file:
            self.axe = file.read()
        self.problems = []
        self.expected = set()
        self.state = None
        self.open = []
        self.prepare()
        self.sign_in()

    def stop(self):
        self.browser.close()
        self.playwright.stop()

    # The admin API.

    def api(self, method, path, body=None, content_type="application/json"):
        data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": content_type}
        request = urllib.request.Request(self.origin + ADMIN + path, data=data, method=method, headers=headers)
        try:
            with urllib.request.urlopen(request) as response:
                return json.load(response) if response.status != 204 else None
        except urllib.error.HTTPError as refused:
            raise AssertionError(f"{method} {path}: {refused.code} {refused.read().decode()}") from refused

    def publish(self, name, text, **parameters):
        query = urllib.parse.urlencode({"file_name": f"{name}.csv", **parameters})
        return self.api("POST", f"/publications?{query}", text.encode(), "text/csv")

    def recipient(self, name):
        """Makes one; its activation link."""
        return self.api("POST", "/recipients", {"name": name})["token"]["activation_url"]

    def prepare(self):
        self.place = self.publish("orders", ORDERS, share="shop", schema="sales", comment="Orders of all shops")["storage_location"]
        self.link = self.recipient("acme")
        self.api("PATCH", "/shares/shop/permissions", {"changes": [{"recipient_name": "acme", "add": ["SELECT"]}]})

    def get(self, url, token):
        request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"})
        with urllib.request.urlopen(request) as response:
            return json.load(response)

    # The browser.

    def page(self, signed_in=True, dark=False, size=WIDE, **more):
        context = self.browser.new_context(
            viewport=size,
            color_scheme="dark" if dark else "light",
            locale="en-GB",
            timezone_id="UTC",
            reduced_motion="reduce",
            permissions=["clipboard-read", "clipboard-write"],
            storage_state=self.state if signed_in else None,
            **more,
        )
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.on("pageerror", lambda error: self.problems.append(f"script: {error}"))
        page.on("console", self.heard)
        page.on("request", self.asked)
        self.open.append(context)
        return page

    def heard(self, message):
        refused = REFUSED.match(message.text)
        if refused and (int(refused.group(1)) in self.expected or message.location["url"].endswith("/ui/session")):
            return
        if message.type in ("error", "warning"):
            self.problems.append(f"console: {message.text} {message.location}")

    def asked(self, request):
        if not request.url.startswith((self.origin, "blob:", "data:")):
            self.problems.append(f"a request to another server: {request.url}")

    def sign_in(self):
        page = self.page(signed_in=False)
        page.goto(f"{self.origin}/ui")
        page.get_by_label("Token").fill(self.token)
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", name="Overview")).to_be_visible()
        self.state = page.context.storage_state()

    def go(self, page, view):
        page.goto(f"{self.origin}/ui#{view}")
        expect(page.locator("main h1")).to_be_visible()
        expect(page.locator("main .loading")).to_have_count(0)

    def show(self, view, **more):
        page = self.page(**more)
        self.go(page, view)
        return page

    def copied(self, page):
        return page.evaluate("navigator.clipboard.readText()")

    def serious(self, page):
        """What axe finds, of the kinds that keep people out."""
        page.evaluate(self.axe)
        found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")["violations"]
        return [
            f"{one['id']}: {node['html'][:200]} {node['failureSummary'][:300]}"
            for one in found
            if one["impact"] in ("serious", "critical")
            for node in one["nodes"][:3]
        ]

    def picture(self, page, name, whole=False):
        """As on a server of one's own: no directory of this machine, no link that anybody was given."""
        page.evaluate(BEFORE_PICTURE)
        page.screenshot(path=f"{self.pictures}/{name}.png", full_page=whole)
        page.evaluate("() => window.restored.forEach((restore) => restore())")


def pages_check(*refusals):
    """A check whose requests may be refused with these statuses; afterwards no page may have had a problem."""

    def decorate(function):
        def checked(pages):
            pages.problems, pages.expected = [], set(refusals)
            try:
                said = function(pages)
                equal(pages.problems, [])
                return said
            finally:
                for context in pages.open:
                    context.close()
                pages.open = []

        checked.__name__ = function.__name__
        return check(checked)

    return decorate


def button(page, name, exact=True):
    return page.get_by_role("button", name=name, exact=exact)


def dialog(page):
    return page.get_by_role("dialog")


def heading(page, name):
    return page.get_by_role("heading", name=name)


@pages_check(401)
def a_wrong_token_is_refused_and_a_right_one_taken(pages):
    page = pages.page(signed_in=False)
    page.goto(f"{pages.origin}/ui")
    expect(heading(page, "Sign in")).to_be_visible()
    page.get_by_label("Token").fill("wrong")
    button(page, "Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("not valid")
    page.get_by_label("Token").fill(pages.token)
    button(page, "Sign in").click()
    expect(heading(page, "Overview")).to_be_visible()
    assert pages.token not in page.content()
    cookies = page.context.cookies()
    assert all(cookie["httpOnly"] and cookie["sameSite"] == "Strict" for cookie in cookies), cookies
    button(page, "Sign out").click()
    expect(heading(page, "Sign in")).to_be_visible()
    page.reload()
    expect(heading(page, "Sign in")).to_be_visible()


@pages_check()
def a_share_is_made_filled_granted_and_deleted(pages):
    page = pages.show("/shares")
    button(page, "New share").click()
    dialog(page).get_by_label("Name", exact=True).fill("team")
    dialog(page).get_by_label("Comment").fill("For the team")
    button(page, "Create share").click()
    expect(heading(page, "team")).to_be_visible()

    button(page, "Add a table or directory").click()
    dialog(page).get_by_label("Place").fill(urllib.parse.urlparse(pages.place).path)
    dialog(page).get_by_label("Shared as").fill("sales.orders")
    button(dialog(page), "Add").click()
    expect(page.get_by_role("link", name="sales.orders")).to_be_visible()

    button(page, "Grant").click()
    dialog(page).get_by_label("Recipient").select_option("acme")
    button(dialog(page), "Grant").click()
    expect(page.get_by_role("link", name="acme")).to_be_visible()

    page.get_by_role("link", name="sales.orders").click()
    expect(heading(page, "sales.orders")).to_be_visible()
    expect(page.get_by_role("row", name="order_id long")).to_be_visible()
    button(page, "Show them").click()
    expect(page.get_by_role("cell", name="customer 1", exact=True).first).to_be_visible()

    pages.go(page, "/shares/team")
    button(page, "Edit").click()
    dialog(page).get_by_label("Comment").fill("For the whole team")
    button(page, "Save").click()
    expect(page.get_by_text("For the whole team")).to_be_visible()
    button(page, "Revoke team from acme").click()
    button(dialog(page), "Revoke").click()
    expect(page.get_by_text("No recipient may read this share")).to_be_visible()
    button(page, "Remove sales.orders").click()
    button(dialog(page), "Remove").click()
    expect(page.get_by_text("There is nothing in this share yet")).to_be_visible()
    button(page, "Delete").click()
    button(page, "Cancel").click()
    button(page, "Delete").click()
    button(page, "Delete share").click()
    expect(heading(page, "Shares")).to_be_visible()
    expect(page.get_by_role("link", name="team")).to_have_count(0)


@pages_check()
def a_recipient_is_made_rotated_revoked_and_deleted(pages):
    page = pages.show("/recipients")
    button(page, "New recipient").click()
    dialog(page).get_by_label("Name", exact=True).fill("partner")
    dialog(page).get_by_label("Token is valid for").fill("30")
    button(page, "Create recipient").click()
    expect(heading(page, "Activation link for partner")).to_be_visible()
    button(dialog(page), "Copy").click()
    expect(button(dialog(page), "Copied")).to_be_visible()
    links = [pages.copied(page)]
    button(page, "Done").click()
    expect(heading(page, "partner")).to_be_visible()
    assert links[0] not in page.content()

    button(page, "Grant a share").click()
    dialog(page).get_by_label("Share").select_option("shop")
    button(dialog(page), "Grant").click()
    expect(page.get_by_role("link", name="shop")).to_be_visible()
    for name, confirm in (("Rotate token", "Rotate token"), ("Revoke all", "Revoke")):
        button(page, name).click()
        button(dialog(page), confirm).click()
        expect(heading(page, "Activation link for partner")).to_be_visible()
        links.append(dialog(page).get_by_label("Activation link").input_value())
        button(page, "Done").click()
        expect(dialog(page)).to_have_count(0)
        page.wait_for_load_state("networkidle")
    equal(len(set(links)), 3)
    button(page, "Revoke shop from partner").click()
    button(dialog(page), "Revoke").click()
    expect(page.get_by_text("It may read no share yet")).to_be_visible()
    button(page, "Delete").click()
    button(page, "Delete recipient").click()
    expect(heading(page, "Recipients")).to_be_visible()


@pages_check()
def a_principal_is_made_changed_and_deleted(pages):
    page = pages.show("/principals")
    button(page, "New principal").click()
    dialog(page).get_by_label("Name").fill("ana")
    dialog(page).get_by_label("Role").select_option("VIEWER")
    button(page, "Create principal").click()
    token = dialog(page).get_by_label("Token").input_value()
    button(page, "Done").click()
    other = pages.page(signed_in=False)
    other.goto(f"{pages.origin}/ui")
    other.get_by_label("Token").fill(token)
    button(other, "Sign in").click()
    expect(heading(other, "Overview")).to_be_visible()
    expect(other.get_by_role("link", name="Principals")).to_have_count(0)
    pages.go(other, "/shares")
    expect(button(other, "New share")).to_have_count(0)

    button(page, "Change the role of ana").click()
    dialog(page).get_by_label("Role").select_option("EDITOR")
    button(page, "Change role").click()
    expect(page.get_by_role("row", name="ana").get_by_text("editor")).to_be_visible()
    button(page, "Rotate the token of ana").click()
    button(dialog(page), "Rotate token").click()
    assert dialog(page).get_by_label("Token").input_value() != token
    button(page, "Done").click()
    pages.expected.add(401)
    pages.go(other, "/recipients")
    expect(heading(other, "Sign in")).to_be_visible()
    button(page, "Delete ana").click()
    button(page, "Delete principal").click()
    expect(page.get_by_role("row", name="ana")).to_have_count(0)


@pages_check()
def a_recipient_gets_its_profile_and_sees_what_is_shared(pages):
    page = pages.page(signed_in=False)
    page.goto(pages.link)
    expect(heading(page, "Data shared with acme")).to_be_visible()
    page.reload()  # Looking opens nothing.
    pages.picture(page, "page-activation")
    with page.expect_download() as downloaded:
        button(page, "Download config.share").click()
    equal(downloaded.value.suggested_filename, "config.share")
    with open(downloaded.value.path(), encoding="utf-8") as file:
        profile = json.load(file)
    equal(profile["endpoint"], pages.endpoint)
    shares = pages.get(f"{profile['endpoint']}/shares", profile["bearerToken"])
    equal([share["name"] for share in shares["items"]], ["shop"])
    expect(heading(page, "You have your profile")).to_be_focused()
    expect(page.get_by_role("listitem").get_by_text("shop.sales.orders")).to_be_visible()
    for language in ("PySpark", "SQL", "Java", "pandas", "DuckDB"):
        button(page, language).click()
        expect(button(page, language)).to_have_attribute("aria-pressed", "true")
        button(page, "Copy").click()
        expect(button(page, "Copied")).to_be_visible()
        text = pages.copied(page)
        assert "config.share#shop.sales.orders" in text, text
        equal(text, page.locator(".snippets code").text_content())
    button(page, "PySpark").click()
    pages.picture(page, "page-activated")
    with page.expect_download() as again:
        button(page, "Save it again").click()
    with open(again.value.path(), encoding="utf-8") as file:
        equal(json.load(file), profile)
    content = page.content()
    assert profile["bearerToken"] not in content and profile["bearerToken"] not in page.url
    equal(page.evaluate("document.referrer + JSON.stringify({...localStorage, ...sessionStorage})"), "{}")
    equal(pages.serious(page), [])

    pages.expected.add(404)
    page.reload()
    expect(heading(page, "This link cannot be opened")).to_be_visible()
    equal(pages.serious(page), [])


@pages_check(404)
def a_link_that_was_opened_meanwhile_says_so(pages):
    link = pages.recipient("late")
    page = pages.page(signed_in=False)
    page.goto(link)
    with urllib.request.urlopen(link) as opened:  # A client.
        equal(json.load(opened)["shareCredentialsVersion"], 1)
    button(page, "Download config.share").click()
    expect(page.get_by_role("alert")).to_contain_text("opened already")
    expect(button(page, "Download config.share")).to_be_enabled()


@pages_check()
def a_link_works_without_scripts(pages):
    page = pages.page(signed_in=False, java_script_enabled=False)
    page.goto(pages.recipient("plain"))
    with page.expect_download() as downloaded:
        button(page, "Download config.share").click()
    equal(downloaded.value.suggested_filename, "config.share")


def choose_file(page, name, text):
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": "text/csv", "buffer": text.encode()})
    expect(heading(page, "What is in it")).to_be_focused()


@pages_check()
def a_file_is_corrected_published_shared_and_read(pages):
    page = pages.show("/publish")
    choose_file(page, "returns.csv", "id;zip;amount;day\n" + "".join(f"{i};8{i % 10}42;{i}.50;2024-03-{i % 28 + 1:02d}\n" for i in range(1, 51)))
    expect(page.get_by_text("50 rows, 4 columns")).to_be_visible()
    equal(page.get_by_label("Type of column 2").input_value(), "long")
    page.get_by_label("Type of column 2").select_option("string")
    expect(page.get_by_text("50 rows, 4 columns")).to_be_visible()
    equal(page.get_by_label("Type of column 2").input_value(), "string")
    page.get_by_label("Name of column 4").fill("returned_on")
    page.get_by_label("Name of column 4").press("Tab")
    expect(page.get_by_label("Type of column 4, returned_on")).to_have_value("date")
    page.get_by_label("Comment").fill("What came back")
    page.get_by_label("Share", exact=True).fill("shop")
    page.get_by_label("Schema").fill("sales")
    page.get_by_label("acme").check()
    page.get_by_label("A new recipient").fill("newcomer")
    expect(page.get_by_text("50 rows, 4 columns")).to_be_visible()
    pages.picture(page, "page-publish", whole=True)
    button(page, "Publish").click()
    expect(heading(page, "returns is published")).to_be_focused()
    button(page, "SQL").click()
    button(page.locator(".snippets"), "Copy").click()
    assert "shop.sales.returns" in pages.copied(page)
    link = page.get_by_label("Link for newcomer").input_value()
    pages.picture(page, "page-published", whole=True)
    with urllib.request.urlopen(link) as opened:
        profile = json.load(opened)
    table = pages.get(f"{profile['endpoint']}/shares/shop/all-tables", profile["bearerToken"])
    assert "returns" in [one["name"] for one in table["items"]], table
    button(page, "Publish another file").click()
    expect(page.get_by_text("Choose a file")).to_be_visible()


@pages_check()
def lines_that_do_not_fit_are_shown_and_set_aside(pages):
    page = pages.show("/publish")
    choose_file(page, "ragged.csv", "a,b\n1,2\n3\n4,5\n6,7,8\n")
    expect(page.get_by_text("2 lines do not fit.")).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text="Line 3:")).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text="Line 5:")).to_be_visible()
    expect(button(page, "Publish")).to_be_disabled()
    page.get_by_label("Set them aside").check()
    button(page, "Publish").click()
    expect(page.get_by_text("2 lines set aside")).to_be_visible()


@pages_check()
def how_a_file_is_read_can_be_said(pages):
    page = pages.show("/publish")
    choose_file(page, "plain.csv", "x|1\ny|NA\n")
    expect(page.get_by_text("2 rows, 2 columns")).to_be_visible()
    page.get_by_text("How it is read").click()
    page.get_by_label("Delimiter").select_option(",")
    expect(page.get_by_text(re.compile(r"rows?, 1 column\b"))).to_be_visible()
    page.get_by_label("Delimiter").select_option("")
    expect(page.get_by_text("2 rows, 2 columns")).to_be_visible()
    equal(page.get_by_label("Type of column 2").input_value(), "string")
    page.get_by_label("Texts that mean null").fill("NA")
    page.get_by_label("Texts that mean null").press("Tab")
    expect(page.get_by_label("Type of column 2")).to_have_value("long")
    page.get_by_label("First line").select_option("true")
    expect(page.get_by_text("1 row, 2 columns")).to_be_visible()
    page.get_by_label("Encoding").select_option("ISO-8859-1")
    expect(page.get_by_text("ISO-8859-1", exact=False).first).to_be_visible()
    button(page, "Choose another file").click()
    expect(page.get_by_text("Choose a file")).to_be_visible()


@pages_check(400)
def what_is_no_table_is_refused(pages):
    page = pages.show("/publish")
    page.locator("input[type=file]").set_input_files({"name": "a.csv", "mimeType": "text/csv", "buffer": b"PK\x03\x04" + bytes(2000)})
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_text("Choose a file")).to_be_visible()
    choose_file(page, "twice.csv", "a,A\n1,2\n")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(button(page, "Publish")).to_be_disabled()
    page.get_by_label("Name of column 2").fill("b")
    page.get_by_label("Name of column 2").press("Tab")
    expect(button(page, "Publish")).to_be_enabled()


@pages_check()
def rows_are_added_and_replaced(pages):
    pages.publish("stock", "id,pieces\n1,2\n", share="shop", schema="sales")
    for mode, version in (("Add rows", "1"), ("Replace the rows", "2")):
        page = pages.show("/publish")
        choose_file(page, "more.csv", "id,pieces\n2,3\n")
        page.get_by_label(mode).check()
        page.get_by_label("Published table").select_option("stock")
        button(page, "Publish").click()
        expect(heading(page, "stock is published")).to_be_visible()
        expect(page.locator("dt", has_text="Version").locator("+ dd")).to_have_text(version)


@pages_check()
def a_publication_is_handed_over_and_unshared(pages):
    pages.publish("gone", "id\n1\n", share="shop", schema="sales")
    page = pages.show("/publications")
    button(page, "Code for gone").click()
    button(dialog(page), "pandas").click()
    button(dialog(page), "Copy").click()
    assert "shop.sales.gone" in pages.copied(page)
    button(page, "Done").click()
    button(page, "Unshare gone").click()
    button(page, "Cancel").click()
    button(page, "Unshare gone").click()
    dialog(page).get_by_label("Delete its files too").check()
    button(dialog(page), "Unshare").click()
    expect(page.get_by_role("rowheader", name="gone")).to_have_count(0)
    page.get_by_role("button", name="Publish a file").click()
    expect(heading(page, "Publish a file")).to_be_visible()


@pages_check()
def a_file_is_dropped_and_an_upload_cancelled(pages):
    page = pages.show("/publish")
    page.evaluate(
        """() => {
          const data = new DataTransfer();
          data.items.add(new File(['id\\n1\\n'], 'dropped.csv', { type: 'text/csv' }));
          document.querySelector('.drop').dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
        }"""
    )
    expect(page.get_by_text("1 row, 1 column")).to_be_visible()
    button(page, "Choose another file").click()
    page.route("**/publications?*", lambda route: None)  # It hangs.
    page.locator("input[type=file]").set_input_files({"name": "a.csv", "mimeType": "text/csv", "buffer": b"id\n1\n"})
    expect(page.get_by_role("progressbar", name="Upload")).to_be_visible()
    button(page, "Cancel").click()
    expect(page.get_by_text("Choose a file")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)


@pages_check()
def the_audit_log_is_filtered_and_shows_details(pages):
    page = pages.show("/audit")
    page.get_by_label("Recipient", exact=True).fill("acme")
    button(page, "Filter").click()
    expect(page.get_by_role("row").filter(has_text="activation").first).to_be_visible()
    pages.picture(page, "page-audit")
    page.get_by_role("button", name="Details of activation").first.click()
    expect(dialog(page).get_by_text("request id")).to_be_visible()
    button(dialog(page), "Close").click()
    page.get_by_text("More filters").click()
    page.get_by_label("Operation", exact=True).fill("listShares")
    button(page, "Filter").click()
    expect(page.get_by_role("row").filter(has_text="activation")).to_have_count(0)
    page.get_by_label("Outcome").select_option("failure")
    button(page, "Filter").click()
    expect(page.get_by_text("No event is like this.")).to_be_visible()
    page.get_by_role("link", name="Clear").click()
    expect(page.get_by_label("Recipient", exact=True)).to_have_value("")
    for _ in range(3):
        shown = page.get_by_role("row").count()
        button(page, "Show more").click()
        expect(page.get_by_role("row")).not_to_have_count(shown)
        if not button(page, "Show more").count():
            break


@pages_check(503)
def a_list_that_does_not_go_on_says_so_and_is_tried_again(pages):
    page = pages.show("/audit")
    rest = "**/audit-events?*pageToken=*"
    page.route(rest, lambda route: route.fulfill(status=503, json={"errorCode": "UNAVAILABLE", "message": "The database is away"}))
    shown = page.get_by_role("row").count()
    button(page, "Show more").click()
    expect(page.get_by_role("status").filter(has_text="The database is away")).to_be_visible()
    page.unroute(rest)
    button(page, "Show more").click()
    expect(page.get_by_role("row")).not_to_have_count(shown)


@pages_check()
def usage_is_drawn_and_listed(pages):
    link = pages.recipient("reader")
    pages.api("PATCH", "/shares/shop/permissions", {"changes": [{"recipient_name": "reader", "add": ["SELECT"]}]})
    with urllib.request.urlopen(link) as opened:
        profile = json.load(opened)
    url = f"{profile['endpoint']}/shares/shop/schemas/sales/tables/orders/query"
    for _ in range(5):
        request = urllib.request.Request(url, data=b"{}", headers={"Authorization": f"Bearer {profile['bearerToken']}", "Content-Type": "application/json"})
        with urllib.request.urlopen(request) as response:
            response.read()
    page = pages.page()
    for _ in range(40):  # It is written behind the requests.
        pages.go(page, "/usage")
        if page.get_by_role("link", name="reader").count():
            break
        page.wait_for_timeout(250)
        page.reload()
    expect(page.get_by_role("row").filter(has_text="shop.sales.orders").first).to_be_visible()
    expect(page.locator(".chart canvas")).to_have_count(2)
    page.get_by_text("As a table").first.click()
    expect(page.get_by_role("region", name="Requests by day").get_by_role("row")).to_have_count(2)
    pages.picture(page, "page-usage", whole=True)
    page.get_by_role("link", name="reader").click()
    expect(page.get_by_text("Only recipient reader")).to_be_visible()
    button(page, "Show all").click()
    page.get_by_label("Period").select_option("7")
    expect(page.get_by_label("Period")).to_have_value("7")


@pages_check()
def a_whole_flow_goes_by_keyboard_alone(pages):
    page = pages.page(signed_in=False)
    page.goto(f"{pages.origin}/ui")
    expect(page.get_by_label("Token")).to_be_focused()
    page.keyboard.insert_text(pages.token)
    page.keyboard.press("Enter")
    expect(heading(page, "Overview")).to_be_focused()

    def tab_to(target):
        for _ in range(60):
            page.keyboard.press("Tab")
            if target.evaluate("element => element === document.activeElement"):
                style = target.evaluate("e => getComputedStyle(e).outlineStyle + getComputedStyle(e).boxShadow")
                assert style != "nonenone", "where the focus is cannot be seen"
                return
        raise AssertionError(f"Tab does not come to {target}")

    page.keyboard.press("Tab")
    tab_to(page.get_by_role("link", name="Shares", exact=True))
    page.keyboard.press("Enter")
    expect(heading(page, "Shares")).to_be_focused()
    tab_to(button(page, "New share"))
    page.keyboard.press("Enter")
    expect(dialog(page).get_by_label("Name", exact=True)).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog(page)).to_have_count(0)
    expect(button(page, "New share")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.insert_text("keys")
    page.keyboard.press("Enter")
    expect(heading(page, "keys")).to_be_focused()
    tab_to(button(page, "Grant"))
    page.keyboard.press("Enter")
    page.keyboard.insert_text("a")
    tab_to(button(dialog(page), "Grant"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="acme")).to_be_visible()
    tab_to(button(page, "Delete"))
    page.keyboard.press("Enter")
    tab_to(button(page, "Delete share"))
    page.keyboard.press("Enter")
    expect(heading(page, "Shares")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    while not button(page, "Sign out").evaluate("element => element === document.activeElement"):
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(heading(page, "Sign in")).to_be_visible()


@pages_check()
def pages_fit_a_narrow_screen(pages):
    page = pages.page(size=NARROW)
    for view in VIEWS:
        pages.go(page, view)
        width = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        assert width[0] <= width[1], (view, width)
    pages.picture(page, "page-narrow")
    pages.go(page, "/publish")
    choose_file(page, "orders.csv", ORDERS)
    width = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert width[0] <= width[1], ("publish", width)
    page.goto(pages.recipient("a recipient with quite a long name, as there are some in the world of data"))
    width = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert width[0] <= width[1], ("activation", width)


def accessible(pages, dark):
    page = pages.page(dark=dark)
    found = {}
    for view in VIEWS:
        pages.go(page, view)
        found[view] = pages.serious(page)
    pages.go(page, "/publish")
    choose_file(page, "orders.csv", "a,b\n1,2\n3\n")
    page.get_by_label("Share", exact=True).fill("shop")
    found["publish"] = pages.serious(page)
    pages.go(page, "/shares")
    button(page, "New share").click()
    found["dialog"] = pages.serious(page)
    page.goto(pages.recipient("dark" if dark else "light"))
    found["activation"] = pages.serious(page)
    other = pages.page(signed_in=False, dark=dark)
    other.goto(f"{pages.origin}/ui")
    expect(heading(other, "Sign in")).to_be_visible()
    found["sign-in"] = pages.serious(other)
    equal({view: problems for view, problems in found.items() if problems}, {})
    return page


@pages_check()
def axe_finds_nothing_serious_in_light(pages):
    accessible(pages, dark=False)


@pages_check()
def axe_finds_nothing_serious_in_the_dark(pages):
    page = accessible(pages, dark=True)
    pages.go(page, "/shares/shop")
    background = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert all(int(part) < 80 for part in re.findall(r"\d+", background)[:3]), background
    pages.picture(page, "page-dark")


@pages_check()
def what_others_wrote_is_text(pages):
    header = f'"{MARKUP.replace(chr(34), chr(34) * 2)}"'
    pages.publish("hostile", f"id,{header}\n1,{header}\n", share="hostile", table="hostile", comment=MARKUP)
    pages.api("PATCH", "/shares/hostile", {"comment": MARKUP, "display_name": MARKUP, "properties": {MARKUP: MARKUP}})
    link = pages.recipient(NAME)
    pages.api("PATCH", "/shares/hostile/permissions", {"changes": [{"recipient_name": NAME, "add": ["SELECT"]}]})
    pages.api("PATCH", f"/recipients/{urllib.parse.quote(NAME, safe='')}", {"comment": MARKUP})
    page = pages.page()
    name = urllib.parse.quote(NAME, safe="")

    def harmless(where):
        expect(page.get_by_text(NAME).locator("visible=true").first).to_be_visible()
        equal((where, page.evaluate("[window.canary, document.querySelectorAll('img[src=x]').length]")), (where, [None, 0]))

    for view in ("/shares", "/shares/hostile", "/shares/hostile/default/hostile", "/recipients", f"/recipients/{name}", "/publications"):
        pages.go(page, view)
        if view.endswith("default/hostile"):
            button(page, "Show them").click()
            expect(page.get_by_role("cell", name=MARKUP)).to_be_visible()
        harmless(view)
    pages.go(page, "/publish")
    choose_file(page, f"{NAME}.csv", f"id,{header}\n1,{header}\n")
    expect(page.get_by_role("cell", name=MARKUP)).to_be_visible()
    page.get_by_label("Share", exact=True).fill("hostile")
    expect(page.get_by_role("checkbox", name=NAME)).to_be_visible()
    harmless("publish")
    page.goto(link)
    expect(heading(page, f"Data shared with {NAME}")).to_be_visible()
    harmless("activation")
    with page.expect_download():
        button(page, "Download config.share").click()
    expect(page.locator("article.share")).to_contain_text(MARKUP)
    harmless("activated")
    pages.go(page, "/audit")
    harmless("/audit")


@pages_check()
def pictures_of_other_pages(pages):
    for name, view in (("page-share", "/shares/shop"), ("page-recipient", "/recipients/acme")):
        pages.picture(pages.show(view), name)


@pages_check(401, 429)
def who_tries_tokens_has_to_wait(pages):
    page = pages.page(signed_in=False)
    page.goto(f"{pages.origin}/ui")
    for _ in range(8):
        page.get_by_label("Token").fill("guess")
        button(page, "Sign in").click()
        expect(page.get_by_role("alert")).to_be_visible()
        if "Try again in" in page.get_by_role("alert").text_content():
            break
    expect(page.get_by_role("alert")).to_contain_text("Too many tokens were refused")


if __name__ == "__main__":
    run(("server", "token-file", "browser", "scratch", "pictures"), Pages, Pages.stop)
