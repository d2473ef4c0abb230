"""What Kimai calls the columns of an export, in the languages people use it in."""

from __future__ import annotations

from webapp.transfers.rules.formats.headings import heading_key

# One line a language: English, German, French, Spanish, Italian, Dutch, Portuguese, Polish.
_COLUMNS: dict[str, str] = {
    "date": "Date|Datum|Date|Fecha|Data|Datum|Data|Data",
    "begin": "From|Von|De|De|Da|Van|De|Od|Begin|Beginn|Début|Inicio|Inizio|Início|Początek",
    "end": "To|Bis|À|Para|A|Tot|Até|Do|End|Ende|Fin|Hasta|Fine|Einde|Fim|Koniec|A las",
    "duration": "Duration|Dauer|Durée|Duración|Durata|Duur|Tijdsduur|Duração|Czas trwania|Length",
    "break": "Break|Pause|Pausa|Pauze|Przerwa",
    "name": "Name|Nom|Nombre|Nome|Naam|Nazwa",
    "user": "User|Username|Benutzer|Benutzername|Utilisateur|Identifiant|Usuario|Utente|Gebruiker|Gebruikersnaam|"
    "Usuário|Utilizador|Użytkownik",
    "email": "E-mail|Email|E-Mail|Courriel|Correo electrónico|Adresse e-mail",
    "customer": "Customer|Kunde|Client|Cliente|Klant|Klient",
    "project": "Project|Projekt|Projet|Proyecto|Progetto|Projeto",
    "activity": "Activity|Tätigkeit|Aktivität|Activité|Actividad|Attività|Activiteit|Atividade|Aktywność|Działanie",
    "description": "Description|Beschreibung|Descripción|Descrizione|Beschrijving|Omschrijving|Descrição|Opis",
    "billable": "Billable|Abrechenbar|Facturable|Fatturabile|Factureerbaar|Te factureren|Faturável|Rozliczalne|"
    "Do zafakturowania",
    "tags": "Tags|Tag|Schlagworte|Schlagwörter|Mot-clé|Mots-clés|Étiquettes|Etiquetas|Etichette|Label|Labels|Tagi",
    "id": "ID",
}
KIMAI_FIELDS: dict[str, str] = {
    heading_key(name): field for field, names in _COLUMNS.items() for name in names.split("|")
}
YES = frozenset({"1", "yes", "ja", "oui", "sí", "si", "sì", "sim", "tak", "true", "x"})
NO = frozenset({"", "0", "no", "nein", "non", "nee", "não", "nie", "false"})
