"""The words of the sample year: a freelance developer, eight customers, and what there is to do for them. Pure data."""

from __future__ import annotations

from webapp.customers.rules import CustomerDetails

# Each with what is being made for them.
CUSTOMERS = (
    (CustomerDetails("Ingrid Lund", "ingrid@nordlicht.example", "+47 22 00 00 01", "Nordlicht Energi",
                     "Wants invoices by the fifth of the month."), "customer portal"),
    (CustomerDetails("Tomás Ferreira", "tomas@ferreira.example", "+351 21 000 0002", "Ferreira & Filhos",
                     "Best reached before ten."), "online shop"),
    (CustomerDetails("Amara Okafor", "amara@brightwater.example", "+44 20 0000 0003", "Brightwater Clinic",
                     "Nothing goes live during surgery hours."), "booking system"),
    (CustomerDetails("Kenji Mori", "kenji@mori.example", "+81 3 0000 0004", "Mori Instruments"), "stock app"),
    (CustomerDetails("Claire Dubois", "claire@dubois.example", "+33 1 00 00 00 05", "Atelier Dubois",
                     "Texts come in French and English."), "website"),
    (CustomerDetails("Piotr Zieliński", "piotr@zielinski.example", "+48 22 000 00 06", "Zieliński Logistics"),
     "dispatch board"),
    (CustomerDetails("Leila Haddad", "leila@haddad.example", "+961 1 000 007", "Haddad Legal",
                     "Everything about the archive is confidential."), "client archive"),
    (CustomerDetails("Sam O’Brien", "sam@harbourbooks.example", "+353 1 000 0008", "Harbour Books"),
     "reading club app"),
)  # fmt: skip

FEATURES = (
    "the address book", "password resets", "the monthly report", "opening hours", "CSV export", "the search page",
    "e-mail reminders", "the price list", "file uploads", "the calendar view", "two-factor login", "the photo gallery",
    "bulk editing", "the audit log", "saved filters", "the status page", "guest access", "the waiting list",
    "delivery notes", "the payment page", "the news feed", "print layout", "the map of branches", "stock warnings",
    "the sign-up form", "discount codes", "the comment box", "shift planning", "the contact form", "dark mode",
)  # fmt: skip

BUGS = (
    "dates shown a day early in summer", "the login loop on old phones", "umlauts in exported files",
    "a total that is one cent off", "the empty page after saving", "double reminders", "the broken link in the footer",
    "slow loading on the first visit", "uploads over 5 MB", "the sort order of surnames",
    "a form that forgets its text",
    "time zones in the calendar", "the menu on narrow screens", "an error on 29 February", "wrong VAT on returns",
    "names with an apostrophe", "the timeout of the nightly job", "a missing page in the PDF", "search for two words",
    "the back button after paying", "rounding in the price list", "duplicate customers after import",
)  # fmt: skip

CHORES = (
    "Upgrade the framework of the {project}", "Move the {project} to the new server",
    "Speed up the start of the {project}", "Write tests for {feature}", "Clean up the code of {feature}",
    "Roll out {feature}", "Set up backups for the {project}",
    "Connect {feature} to the {project}", "Build {feature} for the {project}", "Add {feature} to the {project}",
)  # fmt: skip

PROBLEMS = (
    "cannot log in", "asks for an older invoice", "wants one more user", "sees an old price", "lost a draft",
    "gets no e-mails", "needs a report by noon", "finds no print button", "has a question about {feature}",
    "wants {feature} explained again", "reports a blank page", "forgot how {feature} works",
)  # fmt: skip

CITIES = ("Hamburg", "Lisbon", "London", "Paris", "Warsaw", "Oslo", "Vienna")

TITLES = {
    "Development": ("Fix {bug}", "Fix {bug} in the {project}", *CHORES),
    "Review": ("Review {feature}, {project}", "Review the fix for {bug}", "Read through the plan for {feature}"),
    "Meetings": ("Call with {company}", "Planning: {project}", "Show {feature} to {company}",
                 "Weekly call with {company}", "Look back on {feature}"),
    "Writing": ("Write the guide to {feature}", "Offer for {company}: {feature}", "Minutes of the call with {company}",
                "Release notes for the {project}", "Describe {feature} for the {project}"),
    "Support": tuple(f"{{company}} {problem}" for problem in PROBLEMS),
    "Admin": ("Invoice for {company}, {month}", "Remind {company} of the invoice of {month}", "Receipts of {month}",
              "Hours of {month} for {company}", "Book the train to {city}", "File the contract with {company}",
              "VAT return, {month}"),
    "Design": ("Sketch {feature}", "Icons for the {project}", "Three layouts for {feature}",
               "Colours for the {project}"),
}  # fmt: skip

TAGS = {
    "Development": ("backend", "frontend", "bug", "release"),
    "Review": ("quality", "release"),
    "Meetings": ("phone", "on site"),
    "Writing": ("docs", "offer"),
    "Support": ("phone", "urgent reply"),
    "Admin": ("money",),
    "Design": ("frontend", "ideas"),
}

DESCRIPTIONS = (
    "Agreed on the phone. The details are in the last e-mail.",
    "See the notes from the planning call.\n\nDone when:\n- it works on a phone\n- the guide says how",
    "Came up twice this month, so it is worth doing properly.",
    "Small, but promised.",
    "They need it before the end of the month.",
    "Check with the customer before it goes live.",
)

ENTRY_NOTES = (
    "first look", "most of it", "second half", "tests", "tidied up", "found the cause",
    "with the customer on the phone", "after feedback", "checked on a phone", "wrote it down",
)  # fmt: skip
