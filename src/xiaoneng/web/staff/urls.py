"""Addresses of the staff's pages."""

from django.urls import path

from xiaoneng.web.staff import (
    at_once,
    bulk,
    case,
    certificates,
    claims,
    consultations,
    intake,
    joint,
    money,
    papers,
    projects,
    saved,
    supervised,
    viewer,
    worklist,
)

app_name = "staff"
urlpatterns = [
    path("", worklist.worklist, name="worklist"),
    path("all", worklist.all_cases, name="all"),
    path("views", saved.save, name="save_view"),
    path("views/<int:pk>/forget", saved.forget, name="forget_view"),
    path("supervision", supervised.supervised, name="supervised"),
    path("hand-over", claims.hand_over, name="hand_over"),
    path("bulk", bulk.choose, name="bulk"),
    path("bulk/<str:name>", bulk.act, name="bulk_move"),
    path("consultations", consultations.waiting, name="consultations"),
    path("intake", intake.find, name="intake"),
    path("intake/<str:code>", intake.intake, name="intake_item"),
    path("joint", joint.joints, name="joints"),
    path("joint/<str:number>", joint.joint, name="joint"),
    path("joint/<str:number>/<str:name>", joint.move, name="joint_move"),
    path("projects", projects.projects, name="projects"),
    path("projects/<str:number>", projects.project, name="project"),
    path("projects/<str:number>/<str:name>", projects.move, name="project_move"),
    path("cases/<str:number>", case.case, name="case"),
    path("certificates", certificates.register, name="certificates"),
    path("certificates/<str:code>", certificates.certificate, name="certificate"),
    path("cases/<str:number>/fees", money.of_case, name="fees"),
    path("cases/<str:number>/whole.zip", papers.whole, name="whole"),
    path("cases/<str:number>/draft/<str:name>", papers.draft, name="draft"),
    path("cases/<str:number>/claim", claims.claim, name="claim"),
    path("cases/<str:number>/files/<int:pk>", viewer.file, name="file"),
    path("cases/<str:number>/preview/<str:name>", case.preview, name="preview"),
    path("cases/<str:number>/at-once", at_once.at_once, name="at_once"),
    path("cases/<str:number>/<str:name>", case.move, name="move"),
]
