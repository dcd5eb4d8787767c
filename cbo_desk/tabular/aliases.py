"""Names that registers of United Nations offices use for the fields of an asset, a person or a place.

English, French and Spanish, the languages such registers come in; collected for the desks' own field declarations.
"""

from __future__ import annotations

INVENTORY_NUMBER = (
    "Asset Nr", "Asset No", "Asset Number", "Asset ID", "Asset", "Inventory No", "Inventory Number", "Inv. number",
    "Inv No", "Item No", "Equipment number", "Equipment", "Barcode", "Bar code", "Barcode No", "UN decal", "Decal No",
    "Tag No", "N° d'inventaire", "Numéro d'inventaire", "No inventaire", "N° inv", "Code-barres", "Code barres",
    "Número de inventario", "N° de inventario", "Código de barras", "Nro. inventario", "No. de activo",
)  # fmt: skip
DESCRIPTION = (
    "Description", "Asset description", "Item description", "Item", "Item name", "Asset name", "Designation",
    "Désignation", "Libellé", "Description de l'article", "Descripción", "Descripción del bien", "Artículo",
)  # fmt: skip
SERIAL = (
    "Serial", "Serial No", "Serial Number", "Serial Nr", "S/N", "SN", "Ser. No", "Manufacturer serial number",
    "N° de série", "Numéro de série", "No série", "Número de serie", "N° serie", "Chassis No", "VIN",
)  # fmt: skip
PLACE = (
    "Location", "Place", "Room", "Room No", "Office", "Current location", "Location code", "Site", "Building room",
    "Emplacement", "Localisation", "Lieu", "Bureau", "Salle", "Ubicación", "Lugar", "Sala", "Oficina",
)  # fmt: skip
CUSTODIAN = (
    "Custodian", "User", "Assigned to", "Issued to", "Responsible person", "Holder", "Asset holder", "Staff member",
    "End user", "Personal user", "Détenteur", "Utilisateur", "Responsable", "Affecté à", "Custodio", "Usuario",
    "Asignado a",
)  # fmt: skip
ACQUIRED = (
    "Acq. date", "Acquired", "Acquisition date", "Date of acquisition", "Date acquired", "Purchase date",
    "Date of purchase", "Capitalization date", "Capitalized on", "Date d'acquisition", "Date d'achat",
    "Fecha de adquisición", "Fecha de compra",
)  # fmt: skip
RECEIVED = (
    "Received", "Received date", "Date received", "Receipt date", "Delivery date", "Date de réception",
    "Fecha de recepción",
)  # fmt: skip
COST = (
    "Cost", "Unit price", "Unit cost", "Price", "Purchase price", "Acquisition cost", "Acquisition value", "Acq. value",
    "Value", "Cost USD", "Value USD", "Amount", "Historical cost", "Coût", "Prix", "Prix unitaire", "Valeur",
    "Coût d'acquisition", "Valeur d'acquisition", "Costo", "Precio", "Precio unitario", "Valor", "Valor de adquisición",
)  # fmt: skip
CURRENCY = ("Currency", "Curr", "Cur", "Ccy", "Devise", "Monnaie", "Moneda", "Divisa")
ENTITY = (
    "Entity", "Agency", "Organization", "Organisation", "Owner", "Owner entity", "Client", "Business unit", "Agence",
    "Organisme", "Propriétaire", "Agencia", "Organismo", "Entidad", "Propietario",
)  # fmt: skip
MAKER = ("Maker", "Make", "Manufacturer", "Brand", "Fabricant", "Marque", "Fabricante", "Marca")
MODEL = ("Model", "Model No", "Model number", "Type", "Modèle", "Modelo")
CATEGORY = (
    "Category", "Asset category", "Class", "Asset class", "Item category", "Commodity", "Catégorie", "Classe",
    "Categoría", "Clase",
)  # fmt: skip
CONDITION = ("Condition", "Asset condition", "Physical condition", "État", "Estado", "Condición")
PURCHASE_ORDER = (
    "Purchase order", "PO", "PO No", "PO number", "Purchase order No", "Bon de commande", "N° de commande",
    "Orden de compra",
)  # fmt: skip
FUND = ("Fund", "Fund code", "Funding source", "Donor", "Grant", "Project", "Fonds", "Bailleur", "Fondo", "Donante")
WARRANTY_UNTIL = (
    "Warranty until", "Warranty", "Warranty end", "Warranty expiry", "Warranty end date", "Garantie",
    "Fin de garantie", "Garantía", "Fin de garantía",
)  # fmt: skip
PART_OF = ("Part of", "Parent", "Parent asset", "Parent asset no.", "Component of", "Composant de", "Parte de")
USEFUL_LIFE = ("Useful life", "Life", "Useful life years", "Durée de vie", "Vida útil")
NOTES = (
    "Notes",
    "Remarks",
    "Remark",
    "Comments",
    "Comment",
    "Observations",
    "Remarques",
    "Commentaires",
    "Observaciones",
)
PERSON_NAME = ("Name", "Full name", "Staff name", "Nom", "Nom complet", "Nom et prénom", "Nombre", "Nombre completo")
INDEX_NUMBER = (
    "Index No", "Index number", "Index", "Staff ID", "Staff No", "Employee ID", "Personnel No", "UN index",
    "Numéro d'index", "Matricule", "Número de índice",
)  # fmt: skip
EMAIL = (
    "E-mail",
    "Email",
    "E-mail address",
    "Mail",
    "Courriel",
    "Adresse électronique",
    "Correo",
    "Correo electrónico",
)
PHONE = ("Phone", "Telephone", "Tel", "Extension", "Ext", "Mobile", "Téléphone", "Poste", "Teléfono", "Móvil")
PLACE_CODE = ("Code", "Place code", "Room code", "Room No", "Location code", "Code du lieu", "Código")
PARENT_PLACE = ("Parent", "Part of", "Within", "Inside", "Building", "Parent code", "Bâtiment", "Edificio")
AREA = ("Area", "Area m2", "Square metres", "Surface", "Superficie", "m2", "sqm")
