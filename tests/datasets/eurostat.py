"""Eurostat's answers in SDMX-ML 2.1: what a table is, how it is built, its figures.

Written after the standard and after what Eurostat's documentation shows of each.
"""

from jinja2 import Environment

MESSAGES = {
    "dataflow": """
<s:Dataflows>
  <s:Dataflow agencyID="ESTAT" id="{{ id }}" version="1.0" isFinal="true">
    <c:Annotations>
      <c:Annotation>
        <c:AnnotationTitle>{{ rows | length }}</c:AnnotationTitle>
        <c:AnnotationType>OBS_COUNT</c:AnnotationType>
      </c:Annotation>
      <c:Annotation>
        <c:AnnotationTitle>2026-11-20T23:00:00+0100</c:AnnotationTitle>
        <c:AnnotationType>UPDATE_DATA</c:AnnotationType>
      </c:Annotation>
    </c:Annotations>
    <c:Name xml:lang="en">{{ id }}</c:Name>
    <s:Structure>
      <Ref agencyID="ESTAT" id="{{ id }}" version="32.1" package="datastructure"
        class="DataStructure"/>
    </s:Structure>
  </s:Dataflow>
</s:Dataflows>
""",
    "datastructure": """
{% macro concept(name) %}
<s:ConceptIdentity>
  <Ref id="{{ name }}" maintainableParentID="{{ id }}" maintainableParentVersion="1.0"
    agencyID="ESTAT" package="conceptscheme" class="Concept"/>
</s:ConceptIdentity>
{% endmacro %}
<s:Codelists>
  {% for name, codes in dimensions.items() %}
  <s:Codelist agencyID="ESTAT" id="{{ name.upper() }}" version="1.0">
    <c:Name xml:lang="en">{{ name }}</c:Name>
    {% for code in codes %}
    <s:Code id="{{ code }}"><c:Name xml:lang="en">{{ code }}</c:Name></s:Code>
    {% endfor %}
  </s:Codelist>
  {% endfor %}
</s:Codelists>
<s:Concepts>
  <s:ConceptScheme agencyID="ESTAT" id="{{ id }}" version="1.0">
    <c:Name xml:lang="en">{{ id }}</c:Name>
    {% for name in (dimensions | list) + ["TIME_PERIOD", "OBS_VALUE", "OBS_FLAG"] %}
    <s:Concept id="{{ name }}"><c:Name xml:lang="en">{{ name }}</c:Name></s:Concept>
    {% endfor %}
  </s:ConceptScheme>
</s:Concepts>
<s:DataStructures>
  <s:DataStructure agencyID="ESTAT" id="{{ id }}" version="32.1" isFinal="true">
    <c:Name xml:lang="en">{{ id }}</c:Name>
    <s:DataStructureComponents>
      <s:DimensionList id="DimensionDescriptor">
        {% for name in dimensions %}
        <s:Dimension id="{{ name }}" position="{{ loop.index }}">
          {{ concept(name) }}
          <s:LocalRepresentation><s:Enumeration>
            <Ref id="{{ name.upper() }}" version="1.0" agencyID="ESTAT"
              package="codelist" class="Codelist"/>
          </s:Enumeration></s:LocalRepresentation>
        </s:Dimension>
        {% endfor %}
        <s:TimeDimension id="TIME_PERIOD" position="{{ dimensions | length + 1 }}">
          {{ concept("TIME_PERIOD") }}
          <s:LocalRepresentation>
            <s:TextFormat textType="ObservationalTimePeriod"/>
          </s:LocalRepresentation>
        </s:TimeDimension>
      </s:DimensionList>
      <s:AttributeList id="AttributeDescriptor">
        <s:Attribute id="OBS_FLAG" assignmentStatus="Conditional">
          {{ concept("OBS_FLAG") }}
          <s:AttributeRelationship>
            <s:PrimaryMeasure><Ref id="OBS_VALUE"/></s:PrimaryMeasure>
          </s:AttributeRelationship>
        </s:Attribute>
      </s:AttributeList>
      <s:MeasureList id="MeasureDescriptor">
        <s:PrimaryMeasure id="OBS_VALUE">{{ concept("OBS_VALUE") }}</s:PrimaryMeasure>
      </s:MeasureList>
    </s:DataStructureComponents>
  </s:DataStructure>
</s:DataStructures>
""",
    "data": """
{% for key, cells in series.items() %}
<Series {% for name, code in key %}{{ name }}="{{ code }}" {% endfor %}>
  {% for row in cells %}
  {% set flag = ' OBS_FLAG="%s"' % row.flag if row.flag else "" %}
  <Obs TIME_PERIOD="{{ row.time }}" OBS_VALUE="{{ row.value }}"{{ flag }}/>
  {% endfor %}
</Series>
{% endfor %}
""",
}

ROOT = """<?xml version="1.0" encoding="UTF-8"?>
{% set schemas = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1" %}
{% set urn = "urn:sdmx:org.sdmx.infomodel.datastructure.DataStructure=ESTAT:" %}
{% set root = "StructureSpecificData" if kind == "data" else "Structure" %}
<m:{{ root }} xmlns:m="{{ schemas }}/message" xmlns:c="{{ schemas }}/common"
  xmlns:s="{{ schemas }}/structure" xmlns:d="{{ schemas }}/data/structurespecific"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xmlns:u="{{ urn }}{{ id }}(32.1):ObsLevelDim:TIME_PERIOD">
  <m:Header>
    <m:ID>DF1</m:ID>
    <m:Test>false</m:Test>
    <m:Prepared>2026-12-01T08:00:00.000Z</m:Prepared>
    <m:Sender id="ESTAT"/>
    {% if kind == "data" %}
    <m:Structure dimensionAtObservation="TIME_PERIOD" structureID="STR1">
      <c:StructureUsage>
        <Ref id="{{ id }}" agencyID="ESTAT" version="1.0"/>
      </c:StructureUsage>
    </m:Structure>
    {% endif %}
  </m:Header>
  {% if kind == "data" %}
  <u:DataSet d:structureRef="STR1" d:dataScope="DataStructure"
    xsi:type="u:DataSetType">{{ inner }}</u:DataSet>
  {% else %}
  <m:Structures>{{ inner }}</m:Structures>
  {% endif %}
</m:{{ root }}>
"""


def eurostat(table, dimensions, dataset):
    """Answer as Eurostat does of one dataset; ``dimensions`` maps names to columns."""
    rows = table.rename(columns={column: name for name, column in dimensions.items()})
    series = {
        tuple(zip(dimensions, key)): part.to_dict("records")
        for key, part in rows.groupby(list(dimensions))
    }
    known = {
        "id": dataset,
        "dimensions": {name: rows[name].unique() for name in dimensions},
        "rows": rows,
        "series": series,
    }
    render = Environment(trim_blocks=True, lstrip_blocks=True).from_string

    def answer(url):
        kind = next(kind for kind in MESSAGES if f"/{kind}/" in url)
        assert f"/{dataset}" in url
        inner = render(MESSAGES[kind]).render(known)
        return render(ROOT).render(known, kind=kind, inner=inner).strip().encode()

    return answer
