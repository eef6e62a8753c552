

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0002_initial'),
    ]

    operations = [
        migrations.AlterField(
            model_name='grant',
            name='capability',
            field=models.CharField(choices=[('view_applications', 'See applications'), ('check_documents', 'Check documents'), ('set_dossier_status', 'Set the status of dossiers'), ('set_route', 'Set the admission route'), ('enter_decisions', 'Enter decisions'), ('release_decisions', 'Release decisions'), ('set_deadlines', 'Give individual deadlines'), ('act_for_candidates', 'Act for candidates'), ('ignore_deadlines', 'Act after the deadline'), ('view_candidates', 'See candidates’ accounts'), ('administer_candidates', 'Administer candidates’ accounts'), ('manage_organisation', 'Set up centres and commissions'), ('manage_catalogue', 'Set up programmes'), ('manage_requirements', 'Set up what is asked'), ('manage_decisions', 'Set up decisions'), ('manage_texts', 'Edit texts'), ('view_outbox', 'See mails'), ('manage_institution', 'Set up the institution'), ('manage_staff', 'Give rights to staff')], max_length=40, verbose_name='capability'),
        ),
    ]
