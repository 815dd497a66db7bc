"""The pages of the desk: files in, previewed, started, mended, taken back."""

import csv
import errno
import io
import json
import lzma
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django.fixtures import Settings

from articles.models import Article, Import, ImportRow, Source
from search.finder import find
from search.results import SearchRequest
from tests.articles.importing.desk import line, make_import, run
from tests.factories import make_article, make_source

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("search_backend"),
]

ADD = reverse("admin:articles_import_add")
LIST = reverse("admin:articles_import_changelist")
ROWS = reverse("admin:articles_importrow_changelist")
ENGLISH = {"accept-language": "en"}

CSV = "Titre;Inconnu;Source;Date\nPluie;Il pleut sur la ville.;Atlas;3/4/2020\n"


@pytest.fixture(autouse=True)
def _var(tmp_path: Path, settings: Settings) -> Iterator[None]:
    settings.VAR = tmp_path / "var"
    return iter([None])


def page_of(imported: Import) -> str:
    return reverse("admin:articles_import_change", args=[imported.pk])


def act(client: Client, imported: Import, action: str) -> Any:
    return client.post(
        reverse("admin:import_act", args=[imported.pk, action]), headers=ENGLISH
    )


def upload(client: Client, *files: tuple[str, bytes]) -> Any:
    sent = [SimpleUploadedFile(name, data) for name, data in files]
    return client.post(ADD, {"uploads": sent}, headers=ENGLISH)


def lines(*values: dict[str, Any] | str) -> bytes:
    return "\n".join(
        v if isinstance(v, str) else json.dumps(v) for v in values
    ).encode()


def choices(**others: Any) -> dict[str, Any]:
    """What the settings form sends."""
    return {
        "source": "",
        "new_source": "",
        "section": "",
        "language": "",
        "title": "",
        "status": "published",
        "policy": "skip",
        "date_order": "dmy",
        "zone": "UTC",
        "encoding": "",
    } | others


def text(response: Any) -> str:
    return str(response.content.decode())


def editor(*permissions: str) -> Client:
    """Return the browser of somebody who may do only this."""
    user = User.objects.create_user("editor", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.xz"])
def test_a_file_is_uploaded_previewed_and_run(admin_client: Client, name: str) -> None:
    data = lines(line(1, section="Sport"), line(2, title="<b>حصاد", language="ar"))
    data = lzma.compress(data) if name.endswith("xz") else data
    response = upload(admin_client, (name, data))
    started = Import.objects.get()
    assert response["Location"] == page_of(started)
    page = text(admin_client.get(page_of(started), headers=ENGLISH))
    assert Article.objects.count() == Source.objects.count() == 0
    assert "2 records" in page
    assert "<b>حصاد" not in page
    assert page.count("<em>(new)</em>") == 3
    assert "guessed" in page
    response = admin_client.post(page_of(started), choices(_start="1"))
    assert response.status_code == 302
    # Jobs of earlier tests are left in the queue.
    job = ProcrastinateJob.objects.latest("pk")
    assert (job.task_name, job.args) == ("articles.bring_import_on", {"pk": started.pk})
    assert "hx-get" in text(admin_client.get(page_of(started)))
    ended = run(started)
    assert ended.added == Article.objects.count() == 2
    page = text(admin_client.get(page_of(started), headers=ENGLISH))
    assert "Finished" in page
    assert "hx-get" not in page
    assert find(SearchRequest("harvest")).total == 2


def test_a_mapping_is_changed_followed_and_remembered(admin_client: Client) -> None:
    upload(admin_client, ("a.csv", CSV.encode()))
    first = Import.objects.get()
    page = text(admin_client.get(page_of(first), headers=ENGLISH))
    assert "no column is the text of the articles" in page
    mapping = {"column-0": "title", "column-1": "body", "column-2": "source"}
    twice = admin_client.post(
        page_of(first), choices(**mapping, **{"column-3": "body"}), headers=ENGLISH
    )
    assert "Two columns are “text”: choose one." in text(twice)
    sent = choices(**mapping, **{"column-3": "published"}, date_order="mdy")
    assert admin_client.post(page_of(first), sent).status_code == 302
    page = text(admin_client.get(page_of(first), headers=ENGLISH))
    assert "Il pleut sur la ville." in page
    assert "March 4, 2020" in page
    admin_client.post(page_of(first), sent | {"_start": "1"})
    upload(admin_client, ("b.csv", CSV.encode()))
    second = Import.objects.latest("pk")
    assert second.reading["mapping"] == {
        "Titre": "title",
        "Inconnu": "body",
        "Source": "source",
        "Date": "published",
    }
    assert second.reading["date_order"] == "mdy"


def test_a_preview_of_other_choices_keeps_none_of_them(admin_client: Client) -> None:
    upload(admin_client, ("a.csv", CSV.encode()))
    kept = Import.objects.get()
    noted = LogEntry.objects.count()
    address = reverse("admin:import_preview", args=[kept.pk])
    chosen = {"column-0": "title", "column-1": "body", "column-2": "source"}
    sent = choices(**chosen, **{"column-3": "published"}, new_source="Atlas")
    page = text(admin_client.post(address, sent, headers=ENGLISH))
    assert "Il pleut sur la ville." in page
    # A part of a page; and other columns only where those sent are not the file's.
    assert "<html" not in page
    assert "hx-swap-oob" in page
    whole = text(admin_client.get(page_of(kept)))
    [shown] = re.findall(r'name="shown_columns" value="(\w+)"', whole)
    sent["shown_columns"] = shown
    assert "hx-swap-oob" not in text(admin_client.post(address, sent))
    twice = text(admin_client.post(address, sent | {"column-3": "body"}))
    assert "Il pleut sur la ville." not in twice
    assert "messagelist" in twice
    now_is = Import.objects.get()
    assert (now_is.reading, now_is.source) == (kept.reading, None)
    assert Source.objects.count() == Article.objects.count() == 0
    assert LogEntry.objects.count() == noted


def test_columns_are_chosen_as_they_are_in_the_encoding_that_is_chosen(
    admin_client: Client,
) -> None:
    data = "العنوان;النص;غير معروف\nالمطر;هطل المطر على المدينة.;الأطلس\n"
    upload(admin_client, ("a.csv", data.encode("cp1256")))
    added = Import.objects.get()
    chosen = {"column-0": "title", "column-1": "body", "column-2": "source"}
    admin_client.post(page_of(added), choices(encoding="windows-1252"))
    sent = choices(encoding="windows-1256", **chosen)
    assert admin_client.post(page_of(added), sent).status_code == 302
    reading = Import.objects.get().reading
    assert reading["mapping"]["غير معروف"] == "source"
    assert "هطل المطر على المدينة." in text(admin_client.get(page_of(added)))


def test_a_preview_is_for_those_who_import_and_until_it_is_started(
    admin_client: Client, tmp_path: Path
) -> None:
    started = make_import(tmp_path, line(1))
    address = reverse("admin:import_preview", args=[started.pk])
    response = admin_client.post(address, choices())
    assert response["HX-Redirect"] == page_of(started)
    assert admin_client.get(address).status_code == 405
    assert editor("view_import").post(address, choices()).status_code == 403


def test_a_mapping_is_remembered_for_its_source(admin_client: Client) -> None:
    one, other = make_source(name="One"), make_source(name="Other")
    columns = {"column-0": "title", "column-2": "source", "column-3": "published"}
    for source, order in ((one, "mdy"), (other, "dmy")):
        upload(admin_client, ("a.csv", CSV.encode()))
        sent = choices(source=source.pk, date_order=order, **columns)
        sent |= {"column-1": "body", "_start": "1"}
        admin_client.post(page_of(Import.objects.latest("pk")), sent)
    upload(admin_client, ("a.csv", CSV.encode()))
    last = Import.objects.latest("pk")
    assert last.reading["date_order"] == "dmy"
    sent = choices(source=one.pk, **columns) | {"column-1": "body"}
    admin_client.post(page_of(last), sent)
    last.refresh_from_db()
    assert last.reading["date_order"] == "mdy"


def test_the_preview_says_what_is_known_and_what_is_wrong(admin_client: Client) -> None:
    make_article(source=make_source(name="Atlas"), origin_id="1")
    upload(admin_client, ("a.jsonl", lines(line(1), "{", {"body": "<x> y"}, line(4))))
    page = text(admin_client.get(page_of(Import.objects.get()), headers=ENGLISH))
    assert "1 record of 4 cannot be read as it is." in page
    assert "1 of the first records is in the archive already" in page
    assert "The source has an article with this id." in page
    assert "no source was chosen" in page
    assert "No time of publication was found" in page


def test_a_new_source_can_be_named(admin_client: Client) -> None:
    upload(admin_client, ("a.txt", "بدأ الحصاد. وانتهى.".encode()))
    started = Import.objects.get()
    admin_client.post(page_of(started), choices(new_source="الأطلس", _start="1"))
    run(started)
    article = Article.objects.get()
    assert (article.title, article.language) == ("بدأ الحصاد.", "ar")
    assert article.source.name == "الأطلس"


def test_several_files_are_several_imports(admin_client: Client) -> None:
    files = [(f"{n}.jsonl", lines(line(n))) for n in range(3)]
    assert upload(admin_client, *files)["Location"] == LIST
    assert Import.objects.count() == 3
    page = text(admin_client.get(LIST, headers=ENGLISH))
    assert page.count(".jsonl</bdi>") == 3


def test_a_file_lies_under_no_name_of_its_own(admin_client: Client) -> None:
    upload(admin_client, ("../../evil.jsonl", lines(line(1))))
    kept = Import.objects.get()
    assert Path(kept.path).parent.name == "imports"
    assert kept.name == "evil.jsonl"
    assert Path(kept.path).name != "evil.jsonl"


def test_a_full_disk_is_told_and_leaves_nothing(
    admin_client: Client, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.VAR.mkdir()

    def full(_file: Any) -> Iterator[bytes]:
        yield b"{"
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(SimpleUploadedFile, "chunks", full)
    monkeypatch.setattr(
        "django.core.files.uploadedfile.InMemoryUploadedFile.chunks", full
    )
    response = upload(admin_client, ("a.jsonl", lines(line(1))))
    assert response.status_code == 422
    assert "does not fit on the disk" in text(response)
    assert Import.objects.count() == 0
    assert list((settings.VAR / "imports").iterdir()) == []


def test_a_file_too_large_is_refused_with_a_way_out(
    admin_client: Client, settings: Settings
) -> None:
    settings.IMPORT_UPLOAD_MAX_BYTES = 10
    response = upload(admin_client, ("a.jsonl", lines(line(1))))
    assert response.status_code == 422
    assert "import_files" in text(response)


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.pdf", b"%PDF-1.4", "a.pdf"),
        ("a.jsonl.xz", b"nonsense", "damaged"),
        ("a.zip", b"PK\x03\x04nonsense", "damaged"),
    ],
)
def test_files_that_cannot_be_read_are_told_in_the_preview(
    admin_client: Client, name: str, data: bytes, message: str
) -> None:
    upload(admin_client, (name, data))
    page = text(admin_client.get(page_of(Import.objects.get()), headers=ENGLISH))
    assert "errornote" in page
    assert message in page


def test_an_empty_file_is_refused(admin_client: Client) -> None:
    assert "empty" in text(upload(admin_client, ("a.txt", b"")))


def test_an_import_is_paused_resumed_and_cancelled(
    admin_client: Client, tmp_path: Path
) -> None:
    started = make_import(tmp_path, line(1))
    for action, state in [
        ("pause", "paused"),
        ("resume", "queued"),
        ("cancel", "cancelled"),
    ]:
        act(admin_client, started, action)
        started.refresh_from_db()
        assert started.state == state
    page = act(admin_client, started, "pause")
    page = admin_client.get(page["Location"], headers=ENGLISH)
    assert "This cannot be done: the import is cancelled." in text(page)
    assert LogEntry.objects.count() == 3


def test_the_part_that_changes_is_fetched_alone(
    admin_client: Client, tmp_path: Path
) -> None:
    started = make_import(tmp_path, line(1))
    url = reverse("admin:import_progress", args=[started.pk])
    page = text(admin_client.get(url, headers=ENGLISH))
    assert page.lstrip().startswith('<div id="progress"')
    assert url in page
    assert 'http-equiv="refresh"' in text(admin_client.get(page_of(started)))


def test_failed_rows_are_listed_downloaded_mended_and_tried_again(
    admin_client: Client, tmp_path: Path
) -> None:
    bad = line(2, url="ftp://x", title="=1+1")
    ended = run(make_import(tmp_path, line(1), bad, '{"bad'))
    listed = text(
        admin_client.get(
            f"{ROWS}?run__id__exact={ended.pk}&outcome__exact=failed", headers=ENGLISH
        )
    )
    assert "line 2" in listed
    assert "line 1<" not in listed
    response = admin_client.get(reverse("admin:import_failures", args=[ended.pk]))
    table = b"".join(response).decode("utf-8-sig")
    first, second = csv.DictReader(io.StringIO(table))
    assert (first["where"], first["url"]) == ("line 2", "ftp://x")
    assert first["title"] == "\t=1+1"
    assert (second["where"], second["raw record"]) == ("line 3", '{"bad')
    row = ImportRow.objects.get(place="line 2")
    url = reverse("admin:articles_importrow_change", args=[row.pk])
    page = text(admin_client.get(url, headers=ENGLISH))
    assert 'value="ftp://x"' in page
    values = (row.values or {}) | {
        "url": "https://x.example/",
        "body": "One.\r\nTwo.",
        "place": "Rabat",
    }
    response = admin_client.post(url, values)
    assert response["Location"] == page_of(ended)
    assert "Try the failed rows again" in text(
        admin_client.get(page_of(ended), headers=ENGLISH)
    )
    act(admin_client, ended, "retry")
    again = run(ended)
    assert (again.added, again.failed) == (2, 1)
    article = Article.objects.get(origin_id="2")
    assert (article.body, article.place) == ("One.\nTwo.", "Rabat")


def test_a_record_that_could_not_be_read_is_mended_in_its_own_text(
    admin_client: Client, tmp_path: Path
) -> None:
    ended = run(make_import(tmp_path, '{"id": "7", "body": "It rained.'))
    row = ended.rows.get()
    url = reverse("admin:articles_importrow_change", args=[row.pk])
    assert "raw_text" in text(admin_client.get(url))
    still = admin_client.post(url, {"raw_text": '{"id": "7"'}, headers=ENGLISH)
    assert "no JSON" in text(still)
    whole = json.dumps({"id": "7", "body": "It rained.", "source": "Atlas"})
    assert admin_client.post(url, {"raw_text": whole}).status_code == 302
    act(admin_client, ended, "retry")
    assert run(ended).added == 1
    assert Article.objects.get().origin_id == "7"


def test_what_is_still_wrong_with_a_row_is_told_at_once(
    admin_client: Client, tmp_path: Path
) -> None:
    ended = run(make_import(tmp_path, line(1, url="ftp://x")))
    row = ended.rows.get()
    url = reverse("admin:articles_importrow_change", args=[row.pk])
    page = admin_client.post(url, (row.values or {}) | {"url": "x"}, headers=ENGLISH)
    assert "must begin with http://" in text(page)
    row.refresh_from_db()
    assert not row.mended


def test_failures_can_be_corrected_in_the_table_and_imported(
    admin_client: Client, tmp_path: Path
) -> None:
    ended = run(make_import(tmp_path, line(1), line(2, language="xx")))
    response = admin_client.get(reverse("admin:import_failures", args=[ended.pk]))
    table = b"".join(response).decode()
    upload(admin_client, ("failures.csv", table.replace(",xx,", ",en,").encode()))
    run_again = Import.objects.latest("pk")
    run_again.state = "queued"
    run_again.save()
    assert run(run_again).added == 1
    assert Article.objects.get(origin_id="2").source.name == "Atlas"


def test_what_stands_in_can_be_changed_before_trying_again(
    admin_client: Client, tmp_path: Path
) -> None:
    ended = run(make_import(tmp_path, line(1, source="")))
    assert ended.failed == 1
    page = text(admin_client.get(page_of(ended), headers=ENGLISH))
    assert "new_source" in page
    assert "column-" not in page
    sent = choices(source=make_source().pk)
    assert admin_client.post(page_of(ended), sent).status_code == 302
    act(admin_client, ended, "retry")
    assert run(ended).added == 1


def test_an_import_is_taken_back_and_edited_articles_are_asked_about(
    admin_client: Client, tmp_path: Path
) -> None:
    ended = run(make_import(tmp_path, line(1), line(2)))
    url = reverse("admin:import_undo", args=[ended.pk])
    assert "2 articles were added." in text(admin_client.get(url, headers=ENGLISH))
    Article.objects.filter(origin_id="2").update(title="Edited")
    act(admin_client, ended, "undo")
    undone = run(ended)
    assert undone.state == "undone"
    assert Article.objects.get().title == "Edited"
    page = text(admin_client.get(page_of(ended), headers=ENGLISH))
    assert "1 article was edited since, and stays." in page
    assert "Edited" in text(admin_client.get(url, headers=ENGLISH))
    act(admin_client, ended, "undo-edited")
    assert Article.objects.count() == find(SearchRequest("harvest")).total == 0
    assert Source.objects.count() == 0


def test_chosen_rows_are_taken_back(admin_client: Client, tmp_path: Path) -> None:
    ended = run(make_import(tmp_path, line(1), line(2), line(3)))
    Article.objects.filter(origin_id="2").update(title="Edited")
    rows = ended.rows.filter(position__in=[0, 1]).values_list("pk", flat=True)
    sent = {"action": "take_back", "_selected_action": list(rows)}
    url = f"{ROWS}?run__id__exact={ended.pk}"
    page = text(admin_client.post(url, sent, headers=ENGLISH))
    assert "1 article was edited since it was imported." in page
    assert Article.objects.count() == 2
    response = admin_client.post(url, sent | {"insist": "yes"})
    assert response.status_code == 302
    assert Article.objects.get().origin_id == "3"


def test_who_may_import_may_not_publish_or_take_back(tmp_path: Path) -> None:
    client = editor("add_import", "view_import")
    upload(client, ("a.jsonl", lines(line(1))))
    started = Import.objects.get()
    assert started.status == "draft"
    refused = client.post(page_of(started), choices(_start="1"), headers=ENGLISH)
    assert "valid choice" in text(refused)
    client.post(page_of(started), choices(status="draft", _start="1"))
    assert run(started).added == 1
    assert Article.objects.get().status == "draft"
    assert act(client, started, "undo").status_code == 403
    assert client.get(f"{page_of(started)}").status_code == 200
    assert (
        client.get(reverse("admin:import_undo", args=[started.pk])).status_code == 403
    )


def test_who_may_only_look_changes_nothing(tmp_path: Path) -> None:
    client = editor("view_import")
    started = make_import(tmp_path, line(1), "{", state="new")
    assert client.get(LIST).status_code == 200
    assert client.get(page_of(started)).status_code == 200
    assert client.get(ADD).status_code == 403
    assert client.post(page_of(started), choices()).status_code == 403
    for action in ("start", "pause", "resume", "cancel", "retry", "undo", "nonsense"):
        assert act(client, started, action).status_code == 403
    started.state = "queued"
    started.save()
    row = run(started).rows.get(outcome="failed")
    url = reverse("admin:articles_importrow_change", args=[row.pk])
    assert 'name="title"' not in text(client.get(url))
    assert client.post(url, {"title": "x"}).status_code == 403


def test_strangers_are_sent_to_the_login(client: Client, tmp_path: Path) -> None:
    started = make_import(tmp_path, line(1))
    pages = [LIST, ADD, ROWS, page_of(started)]
    pages += [
        reverse(f"admin:import_{name}", args=[started.pk])
        for name in ("progress", "failures", "undo")
    ]
    for url in pages:
        assert "/login/" in client.get(url)["Location"]


def test_every_action_is_in_the_log(admin_client: Client) -> None:
    upload(admin_client, ("a.jsonl", lines(line(1), "{")))
    started = Import.objects.get()
    admin_client.post(page_of(started), choices(_start="1"))
    ended = run(started)
    row = ended.rows.get(outcome="failed")
    url = reverse("admin:articles_importrow_change", args=[row.pk])
    admin_client.post(url, {"title": "A", "body": "It rained.", "source": "B"})
    act(admin_client, ended, "retry")
    run(ended)
    act(admin_client, ended, "undo")
    assert LogEntry.objects.count() == 6


def test_an_import_that_left_nothing_is_removed_with_its_file(
    admin_client: Client,
) -> None:
    upload(admin_client, ("a.jsonl", lines(line(1))))
    started = Import.objects.get()
    kept = Path(started.path)
    url = reverse("admin:articles_import_delete", args=[started.pk])
    assert "a.jsonl" in text(admin_client.get(url))
    assert admin_client.post(url, {"post": "yes"}).status_code == 302
    assert not kept.exists()
    assert Import.objects.count() == 0
