"""What Redmine calls columns, statuses and priorities in the languages people use it in."""

from __future__ import annotations

from webapp.transfers.rules.formats.headings import heading_key
from webapp.values.priority import Priority
from webapp.values.status import Status
from webapp.values.text import name_key

# English, German, French, Spanish, Italian, Dutch, Portuguese.
_COLUMNS: dict[str, str] = {
    "ref": "#",
    "project": "Project|Projekt|Projet|Proyecto|Progetto|Projeto",
    "tracker": "Tracker|Tipo",
    "parent": "Parent task|Übergeordnete Aufgabe|Übergeordnetes Ticket|Tâche parente|Tarea padre|Attività principale|"
    "Hoofdissue|Hoofdtaak|Tarefa pai",
    "status": "Status|Statut|Estado|Stato|Situação",
    "priority": "Priority|Priorität|Priorité|Prioridad|Priorità|Prioriteit|Prioridade",
    "subject": "Subject|Thema|Sujet|Asunto|Tema|Oggetto|Soggetto|Onderwerp|Título",
    "assignee": "Assignee|Assigned to|Zugewiesen an|Assigné à|Asignado a|Assegnato a|Toegewezen aan|Atribuído para",
    "updated": "Updated|Aktualisiert|Mis-à-jour|Mis à jour|Actualizado|Aggiornato|Bijgewerkt|Gewijzigd|Alterado em",
    "category": "Category|Kategorie|Catégorie|Categoría|Categoria|Categorie",
    "version": "Target version|Zielversion|Version cible|Versión prevista|Versione prevista|Doelversie|Versie|Versão",
    "start": "Start date|Beginn|Début|Fecha de inicio|Inizio|Startdatum|Início",
    "due": "Due date|Abgabedatum|Echéance|Échéance|Fecha fin|Fecha de finalización|Scadenza|Vervaldatum|"
    "Verwachte datum gereed|Data prevista",
    "estimate": "Estimated time|Geschätzter Aufwand|Temps estimé|Tiempo estimado|Tempo stimato|Geschatte tijd|"
    "Tempo estimado",
    "spent": "Spent time|Aufgewendete Zeit|Temps passé|Tiempo dedicado|Tempo impiegato|Tempo dedicato|"
    "Gespendeerde tijd|Bestede tijd|Tempo gasto",
    "done": "% Done|% erledigt|% réalisé|% Realizado|% completato|% Gereed|% Terminado",
    "created": "Created|Angelegt|Créé|Creado|Creato|Aangemaakt|Criado em",
    "closed": "Closed|Geschlossen|Fermé|Cerrada|Cerrado|Chiuso|Gesloten|Fechado|Fechado em",
    "related": "Related issues|Zugehörige Tickets|Demandes liées|Peticiones relacionadas|Segnalazioni correlate|"
    "Gerelateerde issues|Tarefas relacionadas",
    "private": "Private|Privat|Privée|Privada|Privato|Privé|Privado",
    "description": "Description|Beschreibung|Descripción|Descrizione|Beschrijving|Descrição",
}
REDMINE_FIELDS: dict[str, str] = {
    heading_key(name): field for field, names in _COLUMNS.items() for name in names.split("|")
}
_STATUSES: dict[Status, str] = {
    Status.TODO: "New|Neu|Nouveau|Nouvelle|Nueva|Nuevo|Nuova|Nieuw|Nova|Novo|Open|Offen",
    # Resolved is what its owner says; it is open until somebody closes it.
    Status.DOING: "In Progress|In Bearbeitung|En cours|En curso|In elaborazione|In corso|In uitvoering|Em andamento|"
    "Resolved|Gelöst|Résolu|Résolue|Resuelta|Resuelto|Risolto|Risolta|Opgelost|Resolvida|Resolvido|"
    "Feedback|Commentaire|Comentarios|Commenti|Terugkoppeling|Retorno",
    Status.DONE: "Closed|Rejected|Geschlossen|Erledigt|Abgewiesen|Fermé|Fermée|Rejeté|Rejetée|Cerrada|Cerrado|"
    "Rechazada|Rechazado|Chiuso|Chiusa|Rifiutato|Rifiutata|Gesloten|Afgewezen|Fechada|Fechado|Rejeitada|Rejeitado",
}
STATUSES: dict[str, Status] = {
    name_key(word): status for status, words in _STATUSES.items() for word in words.split("|")
}
_PRIORITIES: dict[Priority, str] = {
    Priority.LOW: "Low|Niedrig|Bas|Basse|Baja|Bassa|Basso|Laag|Baixa",
    Priority.MEDIUM: "Normal|Normale|Normaal",
    Priority.HIGH: "High|Hoch|Haut|Haute|Alta|Alto|Hoog",
    Priority.URGENT: "Urgent|Immediate|Dringend|Sofort|Immédiat|Immédiate|Urgente|Inmediata|Immediata|Immediato|Spoed|"
    "Onmiddellijk|Imediata|Imediato",
}
PRIORITIES: dict[str, Priority] = {
    name_key(word): priority for priority, words in _PRIORITIES.items() for word in words.split("|")
}
BLOCKED_BY = tuple(
    name_key(word)
    for word in (
        *("Blocked by", "Blockiert durch", "Bloqué par", "Bloqueada por", "Bloccata da", "Bloccato da"),
        *("Geblokkeerd door", "Bloqueado por"),
    )
)
NO = frozenset({"", *(name_key(word) for word in ("No", "Nein", "Non", "Nee", "Não"))})
