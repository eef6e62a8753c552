"""The days of an intake come in order [APP-12]. Stops at an intake whose days do not: mend it first."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0001_initial'),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='intake',
            constraint=models.CheckConstraint(condition=models.Q(('screening_on__gte', models.F('closes_on'))), name='intake_screening_on_in_order'),
        ),
        migrations.AddConstraint(
            model_name='intake',
            constraint=models.CheckConstraint(condition=models.Q(('jury_on__gte', models.F('documents_due_on'))), name='intake_jury_on_in_order'),
        ),
        migrations.AddConstraint(
            model_name='intake',
            constraint=models.CheckConstraint(condition=models.Q(('results_on__gte', models.F('jury_on')), ('results_on__gte', models.F('documents_due_on'))), name='intake_results_on_in_order'),
        ),
        migrations.AddConstraint(
            model_name='intake',
            constraint=models.CheckConstraint(condition=models.Q(('acceptance_due_on__gte', models.F('results_on')), ('acceptance_due_on__gte', models.F('jury_on')), ('acceptance_due_on__gte', models.F('documents_due_on'))), name='intake_acceptance_due_on_in_order'),
        ),
        migrations.AddConstraint(
            model_name='intake',
            constraint=models.CheckConstraint(condition=models.Q(('reserve_acceptance_due_on__gte', models.F('results_on')), ('reserve_acceptance_due_on__gte', models.F('jury_on')), ('reserve_acceptance_due_on__gte', models.F('documents_due_on')), ('reserve_acceptance_due_on__gte', models.F('acceptance_due_on'))), name='intake_reserve_acceptance_due_on_in_order'),
        ),
    ]
