"""Mails that announce messages. None holds the message: it is read in the application."""

from django.utils.translation import gettext_lazy as _

from candide.admissions.applications.application_mail import ApplicationMail, CommissionAlert
from candide.institution.mails.kinds import register


@register
class MessageToCandidate(ApplicationMail):
    code = "message-to-candidate"
    title = _("Message from the admissions office")


@register
class CommissionMessage(CommissionAlert):
    """Sent for the first of the messages nobody has read yet."""

    code = "commission-message"
    title = _("Commission: message from a candidate")
    switch = "alerts_messages"
