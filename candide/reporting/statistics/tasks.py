"""Has the figures kept when a campaign is destroyed."""

from candide.admissions.campaigns.registry import keeps
from candide.reporting.statistics.keeping import keep_figures

keeps(keep_figures)
