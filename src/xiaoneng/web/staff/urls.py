"""Addresses of the staff's pages."""

from django.urls import path

from xiaoneng.web.staff import bulk, case, claims, intake, saved, viewer, worklist

app_name = "staff"
urlpatterns = [
    path("", worklist.worklist, name="worklist"),
    path("all", worklist.all_cases, name="all"),
    path("views", saved.save, name="save_view"),
    path("views/<int:pk>/forget", saved.forget, name="forget_view"),
    path("hand-over", claims.hand_over, name="hand_over"),
    path("bulk", bulk.choose, name="bulk"),
    path("bulk/<str:name>", bulk.act, name="bulk_move"),
    path("intake", intake.find, name="intake"),
    path("intake/<str:code>", intake.intake, name="intake_item"),
    path("cases/<str:number>", case.case, name="case"),
    path("cases/<str:number>/claim", claims.claim, name="claim"),
    path("cases/<str:number>/files/<int:pk>", viewer.file, name="file"),
    path("cases/<str:number>/preview/<str:name>", case.preview, name="preview"),
    path("cases/<str:number>/<str:name>", case.move, name="move"),
]
