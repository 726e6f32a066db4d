"""After submission: receipt, progress, notices and their verification."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from xiaoneng.approval import certificates, fees, reads
from xiaoneng.approval.actions import printing
from xiaoneng.approval.joint import reads as joint
from xiaoneng.approval.notices_beside import FOR_THE_FILE
from xiaoneng.kit import clock, documents, files, numbers
from xiaoneng.matters import reads as matters
from xiaoneng.matters.reads import MatterFile
from xiaoneng.rules.fees import yuan
from xiaoneng.rules.grounds import NotFound
from xiaoneng.rules.limits import Light
from xiaoneng.rules.procedures import application as procedure
from xiaoneng.rules.procedures.promises import AFTER_DELIVERY, CHECKING, OWING, RECTIFYING, REVOKING
from xiaoneng.rules.procedures.table import ClockName
from xiaoneng.rules.workdays import local_day
from xiaoneng.supervision.notices import RESTRICTED
from xiaoneng.web import papers, posted, shown
from xiaoneng.web.access import Policy, policy
from xiaoneng.web.public import promised, same_page
from xiaoneng.web.public.forms import ProgressQuery

SEEN = same_page.PROVED  # the matters that this session proved to know the code of
MOST_SEEN = 20
ELSEWHERE = {"joint_case": "public:joint", "agency_case": "public:agency_case"}  # what has a page of its own


@policy(Policy.PUBLIC)
@never_cache
def query(request: HttpRequest) -> HttpResponse:
    """Ask for number and code, and open the progress page of what they fit."""
    form = ProgressQuery(
        request.POST if request.method == "POST" else None, initial={"number": request.GET.get("number")}
    )
    file = _proved(request, form) if form.is_valid() else None
    if file is not None:
        request.session[SEEN] = [*request.session.get(SEEN, []), file.id][-MOST_SEEN:]
        return redirect("public:progress", file.called)
    return render(request, "public/progress_query.html", {"form": form})


def _proved(request: HttpRequest, form: ProgressQuery) -> MatterFile | None:
    number = numbers.normalise_code(form.cleaned_data["number"])
    if posted.is_closed(request, "progress", number):
        form.add_error(None, posted.TOO_MANY)
        return None
    try:
        return reads.by_number_and_code(number, form.cleaned_data["code"])
    except NotFound as wrong:
        posted.note_failure(request, "progress", number)
        form.add_error(None, str(wrong))
        return None


def opened(request: HttpRequest, number: str) -> MatterFile:
    """Return the application of a number, if this visitor may see it.

    :raises NotFound: there is none, or it is not this visitor's; the answer does not say which.
    """
    file = reads.load(number)
    account = int(request.user.pk) if request.user.is_authenticated else 0
    if file.id in request.session.get(SEEN, []) or reads.is_applicant(file, account):
        return file
    if account and reads.may_see(file, account, reads.day_of(clock.now())):
        return file
    raise NotFound(matters.NO_SUCH_MATTER)


def _may_open(request: HttpRequest, number: str) -> MatterFile | None:
    try:
        return opened(request, number)
    except NotFound:
        return None


@policy(Policy.PUBLIC)
@require_GET
@never_cache
def receipt(request: HttpRequest, number: str) -> HttpResponse:
    """Show the receipt of a submission: number, code, QR code and the hash that witnesses it."""
    file = _may_open(request, number)
    if file is None:
        return redirect("public:progress_query")
    if file.intake_number is None or file.kind in ELSEWHERE:  # a branch came in with the whole
        return redirect("public:progress", file.called)
    first = matters.journal(file.id)[-1]
    address = settings.PUBLIC_ADDRESS + reverse("public:progress_query") + f"?number={file.intake_number}"
    clock_ = file.clock(ClockName.PRE_ACCEPTANCE)
    handed = reads.handed(file)
    context = {
        "title": file.title,
        "applicant": file.extra["applicant_name"],
        "department": file.department_name,
        "intake_number": file.intake_number,
        "query_code": reads.query_code(file) if _knows_code(request, file) else "",
        "submitted_at": first.recorded_at,
        "hash": first.hash,
        "qr_svg": documents.qr_svg(address),
        "next_text": "部门告诉您是否受理，或者一次说清还差什么；逾期没有告诉您，就算已经受理。",
        "next_by": clock_.due_on if clock_ else None,
        "materials": [{"name": each.name, "files": range(each.count)} for each in handed if each.count],
        "progress_url": reverse("public:progress", args=[file.intake_number]),
    }
    return render(request, "public/receipt.html", {"receipt": context})


def _knows_code(request: HttpRequest, file: MatterFile) -> bool:
    # Who filed it, at home or at the window, hands the code on; others in the department have no need of it.
    return file.id in request.session.get(SEEN, []) or file.extra["filed_by"] == request.user.pk


@policy(Policy.PUBLIC)
@require_GET
@never_cache
def progress(request: HttpRequest, number: str) -> HttpResponse:
    """Show how far an application is and how every date was computed."""
    now = clock.now()
    file = _may_open(request, number)
    if file is None:
        return redirect("public:progress_query")
    if file.kind in ELSEWHERE:
        return redirect(ELSEWHERE[file.kind], file.called)
    own = request.user.is_authenticated and reads.is_applicant(file, int(request.user.pk))
    answer = render(request, "public/progress.html", {"progress": progress_shown(file, now, own=own)})
    return same_page.keep(request, answer, file, now)


def progress_shown(file: MatterFile, now: datetime, *, own: bool) -> dict[str, Any]:
    """Return an application as its applicant sees it."""
    lines = matters.journal(file.id)
    statutory, promised = file.clock(ClockName.STATUTORY), file.clock(ClockName.PROMISED)
    return {
        "title": file.title,
        "number": file.number,
        "intake_number": file.intake_number,
        "applicant": numbers.masked_name(file.extra["applicant_name"])
        if reads.form_of(file).get("kind") == "person" and not own
        else file.extra["applicant_name"],
        "light": shown.light_of(file, now),
        "statutory_limit": str(statutory.total) if statutory else "",
        "promised_limit": str(promised.total) if promised else "",
        "closing_time": f"{file.rules.hours.closes:%H:%M}",
        "steps": shown.steps_of(file, lines),
        "notices": [
            {"title": d.title, "day": d.issued_at, "url": reverse("public:notice", args=[d.verify_code])}
            for d in matters.documents(file.id)
            if d.kind not in FOR_THE_FILE
        ],
        "explanations": shown.explanations_of(file, now),
        **_headline(file, now),
        **_todo(file, own, late=file.light(now) is Light.RED),
        **_things(file, own),
    }


def _things(file: MatterFile, own: bool) -> dict[str, Any]:
    """Return what a case is charged and the certificate it came to; what is owed goes before everything else."""
    charges, held = fees.of_case(file.id), certificates.of_case(file.id)
    told: dict[str, Any] = {
        "charges": [
            {
                "title": each.tariff, "amount": yuan(each.amount), "state": each.state_label, "owed": each.is_owed,
                "url": reverse("public:fee", args=[each.id]) if own else "",
            }
            for each in charges
        ],
        "certificate": held and {
            "title": held.title, "number": held.number, "standing": held.standing(local_day(clock.now())),
            "url": reverse("public:certificate", args=[held.code]),
        },
    }  # fmt: skip
    owed = [each for each in charges if each.is_owed]
    if owed and own and not file.closed:
        told |= {
            "todo_title": "请您缴款", "todo_url": reverse("public:fee", args=[owed[0].id]), "todo_label": "去缴款",
            "todo_text": f"{owed[0].tariff} {yuan(owed[0].amount)}，请在缴款期限以前网上缴，或者到收费窗口缴。",
        }  # fmt: skip
    return told


def _headline(file: MatterFile, now: datetime) -> dict[str, Any]:
    if file.closed:
        return {"headline": "本件的结果", "big": _result(file), "due_text": "全部过程和文书都在下面。"}
    if file.light(now) is Light.PAUSED and file.state != procedure.ASKED:  # what is asked for has a day of its own
        text = "特别程序结束的次日继续计算，到期日随之顺延。"
        return {"headline": "特别程序进行中", "big": "时限暂停", "due_text": text}
    name, words, text = _HEADLINES[file.state]
    clock_ = file.clock(name)
    due = clock_.due_on if clock_ else None
    if due and file.light(now) is Light.RED and due <= local_day(now):
        words = words.replace("最迟在", "本应在")
    more = {"due_text": text} if text else _law_text(file)
    return {"headline": words, "promised_due": due, "promised_due_weekday": shown.weekday(due), **more}


_HEADLINES: dict[str, tuple[ClockName, str, str]] = {
    procedure.RECEIVED: (
        ClockName.PRE_ACCEPTANCE, "最迟在这一天告诉您是否受理", "逾期没有告诉您，自收件之日起就算已经受理。",
    ),
    procedure.CORRECTING: (ClockName.SUPPLEMENT, "请在这一天之前补正", "补正齐全之日，部门的五个工作日重新起算。"),
    procedure.ASKED: (ClockName.SUPPLEMENT, "请在这一天之前补正", "补齐以后，本事项次日继续计算期限；同一件事的其他事项照常办理。"),
    procedure.REVIEWING: (ClockName.PROMISED, "最迟在这一天给您决定", ""),
    procedure.DECIDING: (ClockName.PROMISED, "最迟在这一天给您决定", ""),
    procedure.GRANTED: (ClockName.DELIVERY, "已经准予，最迟在这一天送达", "决定之日起十个工作日内送达。"),
    procedure.REFUSED: (ClockName.DELIVERY, "已经决定不予，最迟在这一天送达", "决定之日起十个工作日内送达。"),
    OWING: (ClockName.DEFERRED, "已经发证，请在这一天之前补交容缺材料", "逾期没有补交的，已经作出的决定会被撤销。"),
    CHECKING: (ClockName.POST_CHECK, "已经发证，最迟在这一天核查您的承诺", "核查相符，本件办结。"),
    RECTIFYING: (ClockName.RECTIFY, "请在这一天之前改正", "逾期没有改正的，已经作出的决定会被撤销。"),
    REVOKING: (ClockName.REVOCATION, "承诺没有履行，最迟在这一天处理", "您可以向部门陈述、申辩。"),
}  # fmt: skip


_PROVISIONAL = "（其中有的年份放假安排尚未公布，日期为暂定，公布后重算）"


def _law_text(file: MatterFile) -> dict[str, Any]:
    statutory, promised = file.clock(ClockName.STATUTORY), file.clock(ClockName.PROMISED)
    counted = [each for each in (statutory, promised) if each is not None]
    provisional = _PROVISIONAL if any(each.provisional for each in counted) else ""
    if statutory and promised and file.plan.promised:
        return {"statutory_due": statutory.due_on, "provisional": provisional}
    if statutory:
        return {"due_text": f"这是法律规定的期限（{statutory.total}）。{provisional}"}
    return {"due_text": f"这是我们的承诺（{promised.total}）。{provisional}" if promised else ""}


def _result(file: MatterFile) -> str:
    if file.state != procedure.DELIVERED:
        return file.procedure.state(file.state).label
    return "准予，已送达" if "grant" in file.actors else "不予，已送达"


def _todo(file: MatterFile, own: bool, *, late: bool) -> dict[str, Any]:
    if file.state == procedure.CORRECTING:
        told = {"todo_title": "请您补正", "todo_text": "需要补正的内容在补正告知书里，一次列全。"}
        if own:
            url = reverse("public:supplement", args=[file.id])
            return told | {"todo_url": url, "todo_label": "去补正"}
        return told | {"todo_text": told["todo_text"] + "登录后在这里上传，或者到窗口补交。"}
    if file.state == procedure.ASKED:
        told = {"todo_title": "请您补正", "todo_text": "各部门要补的都在这件事的一个页面上，几个事项都要的只交一份。"}
        if own:
            return told | {
                "todo_url": reverse("public:joint_supplement", args=[joint.joint_of(file.id)]),
                "todo_label": "去补正",
            }
        return told | {"todo_text": told["todo_text"] + "登录后上传，或者到窗口补交。"}
    if owed := promised.todo(file, own):
        return owed
    text = {
        procedure.RECEIVED: "窗口正在核对材料。",
        procedure.GRANTED: "决定书正在送达。自取请带身份证件到窗口。",
        procedure.REFUSED: "决定书正在送达。不服的，可以申请复议或者起诉，期限写在决定书上。",
    }.get(file.state, "" if file.closed else f"正在{file.step_name}，需要您办什么时，这里会写明。")
    if late:
        text += "办理已经超期，您可以拨打 12345 投诉。"
    links = []
    if own and not file.closed and file.state not in (procedure.GRANTED, procedure.REFUSED, *AFTER_DELIVERY):
        links.append(("撤回申请", reverse("public:withdraw", args=[file.id])))
    if own and file.intake_number:
        links.append(("收件凭证", reverse("public:receipt", args=[file.intake_number])))
    return {"todo_title": "现在不用您做什么", "todo_text": text, "links": links}


@policy(Policy.PUBLIC)
@require_GET
@never_cache
def notice(request: HttpRequest, code: str) -> HttpResponse:
    """Show a document as a page to print; whoever holds its code may read it."""
    document = papers.readable(request, code)
    told = papers.compose(document)
    address = settings.PUBLIC_ADDRESS + reverse("public:verify") + f"?code={told.verify_code}"
    context = {
        "organ": told.organ,
        "title": told.title,
        "number": told.number,
        "addressee": told.addressee,
        "paragraphs": told.paragraphs,
        "rows": told.rows,
        "obstacles": [{"message": text, "basis": basis} for text, basis in told.items],
        "closing": told.closing,
        "day": told.date,
        "verify_code": numbers.grouped(told.verify_code),
        "qr_svg": documents.qr_svg(address),
        "pdf_url": reverse("public:notice_pdf", args=[told.verify_code]),
        "case_number": told.matter_called,
        "seal": papers.seal_of(document),
    }
    return render(request, "public/notice.html", {"notice": context})


@policy(Policy.PUBLIC)
@require_GET
def notice_pdf(request: HttpRequest, code: str) -> FileResponse:
    """Hand out a document as PDF, made now if the worker has not made it yet."""
    document = papers.readable(request, code)
    sha256 = printing.print_document(document, at=clock.now(), compose=papers.compose)
    return FileResponse(
        files.open_kept(settings.FILES_DIRECTORY, sha256), content_type="application/pdf",
        filename=f"{document.title}{document.number}.pdf",
    )  # fmt: skip


@policy(Policy.PUBLIC)
@require_GET
@never_cache
def verify(request: HttpRequest) -> HttpResponse:
    """Tell whether a document of this code was issued, and what it says."""
    code = numbers.normalise_code(request.GET.get("code", ""))[:40]
    context: dict[str, Any] = {"code": code}
    if code:
        try:
            context["result"] = _verified(code)
        except NotFound:
            context["result"] = {"found": False}
    return render(request, "public/verify.html", context)


def _certified(code: str) -> dict[str, Any]:
    """Return what is verified by the code of a certificate, which stands on the licence instead of a document's."""
    line = certificates.by_code(code)
    return {
        "found": True, "title": line.title, "number": line.number, "day": line.valid_from, "organ": line.department,
        "addressee": line.shown_holder, "url": reverse("public:certificate", args=[line.code]),
        "note": f"现在：{line.standing(local_day(clock.now()))}",
    }  # fmt: skip


def _verified(code: str) -> dict[str, Any]:
    try:
        document = matters.document_by_code(code)
    except NotFound:
        return _certified(code)
    told = papers.compose(document)
    return {
        "found": True,
        "title": told.title,
        "number": told.number,
        "day": told.date,
        "organ": told.organ,
        "addressee": "" if document.kind in RESTRICTED else told.addressee_shown,
        "digest": told.hash,
        "url": reverse("public:notice", args=[told.verify_code]),
    }
